from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import UnreadableSource
from migrate.model.references import Certainty, CommandLine
from tests.references.finding_in import found_in, rewritten, told

FILE = "scripts/deploy.py"

UNTOUCHED = [
    'x = data["environments"]["dev"]',
    'x = {"environments": 1, "applications": [2]}',
    'for app in ["environments", "web", "api"]:\n    print(app)',
    'print("all environments and applications")',
    'text.replace("environments", "x")',
    'open("kubespray/environments/dev")',
    'os.path.join("kubespray", "environments/dev")',
    'SUB = "inventory/environments/dev"',
    'open("/environments/dev/values.yaml")',
    'open("~/applications/prod")',
    'requests.get("https://example.org/environments/dev/values.yaml")',
    'for tool in ["helm", "helmfile", "kubectl"]:\n    install(tool)',
    'shutil.which("helmfile")',
    'subprocess.run(["which", "helmfile"])',
    'subprocess.run(["helmfile", "version"])',
    'subprocess.run(["helmfile", "--version"])',
    'subprocess.run(["helmfile", "-f", "other/helmfile.yaml", "sync"])',
    'subprocess.run(["helmfile", "sync"], cwd="kubespray")',
    'os.system("cd kubespray && ls environments/dev")',
    'run("helm", "sync", "helmfile")',
    'shutil.which("helmfile", path=x)',
    'logging.info("helmfile", version)',
    'def run(*cmd):\n    return subprocess.run(cmd)\nrun("helmfile", "--version")',
    'def run(*cmd, **more):\n    return subprocess.run(cmd, **more)\nrun("helmfile", "sync", cwd="kubespray")',
    "x = os.path.relpath(a, b)",
    'p.relative_to("docs")',
    "x = a / b + c % d",
    'x = f"{a}{b}"',
    'x = b"environments/dev/values.yaml"',
    "# the environments of all applications",
]


@pytest.mark.parametrize("source", UNTOUCHED)
def test_what_names_nothing_that_moves_is_left_alone(source: str) -> None:
    assert rewritten(FILE, source) == source
    assert told(FILE, source) == []


PATHS = [
    ('open("environments/dev/values.yaml")', 'open("helmfile/environments/dev/values.yaml")'),
    ("open('environments/prod/values.yaml') # 한글", "open('helmfile/environments/prod/values.yaml') # 한글"),
    ('os.makedirs("environments/lent", exist_ok=True)', 'os.makedirs("helmfile/environments/lent", exist_ok=True)'),
    ('os.listdir("environments")', 'os.listdir("helmfile/environments")'),
    ('shutil.copytree(src="environments", dst=x)', 'shutil.copytree(src="helmfile/environments", dst=x)'),
    ('open(f"environments/{env}/values.yaml")', 'open(f"helmfile/environments/{env}/values.yaml")'),
    ('open(f"applications/{app}/values.yaml")', 'open(f"helmfile/values/{app}.yaml")'),
    ('open(rf"environments/{env!r:>3}/values.yaml")', 'open(rf"helmfile/environments/{env!r:>3}/values.yaml")'),
    ('open("environments/d" "ev/values.yaml")', 'open("helmfile/environments/d" "ev/values.yaml")'),
    ('open("environments/" f"{env}/values.yaml")', 'open("helmfile/environments/" f"{env}/values.yaml")'),
    ('open("environments/" + env + "/values.yaml")', 'open("helmfile/environments/" + env + "/values.yaml")'),
    ('open("environments/%s/values.yaml" % env)', 'open("helmfile/environments/%s/values.yaml" % env)'),
    ('open("applications/%s/values.yaml" % app)', 'open("helmfile/values/%s.yaml" % app)'),
    ('open("environments/{}/values.yaml".format(env))', 'open("helmfile/environments/{}/values.yaml".format(env))'),
    ('T = "applications/{app}/chart"\nopen(T.format(app=a))', 'T = "helmfile/charts/custom/{app}"\nopen(T.format(app=a))'),
    ('os.path.join("environments", env, "values.yaml")', 'os.path.join("helmfile/environments", env, "values.yaml")'),
    ('os.path.join("applications", "web", "chart")', None),
    ('Path("environments") / env / "values.yaml"', 'Path("helmfile/environments") / env / "values.yaml"'),
    ('pathlib.Path("environments", env).read_text()', 'pathlib.Path("helmfile/environments", env).read_text()'),
    ('Path.cwd() / "environments" / env', 'Path.cwd() / "helmfile/environments" / env'),
    ('Path.joinpath(Path.cwd(), "environments/dev")', 'Path.joinpath(Path.cwd(), "helmfile/environments/dev")'),
    ('Path(__file__).parent.parent / "environments"', 'Path(__file__).parent.parent / "helmfile/environments"'),
    ('Path(__file__).resolve().parents[1] / "environments"', 'Path(__file__).resolve().parents[1] / "helmfile/environments"'),
    (
        'HERE = os.path.dirname(os.path.abspath(__file__))\nopen(os.path.join(HERE, "..", "environments", env))',
        'HERE = os.path.dirname(os.path.abspath(__file__))\nopen(os.path.join(HERE, "..", "helmfile/environments", env))',
    ),
    (
        'HERE = os.path.dirname(__file__)\nopen(f"{HERE}/../applications/web/chart/Chart.yaml")',
        'HERE = os.path.dirname(__file__)\nopen(f"{HERE}/../helmfile/charts/custom/web/Chart.yaml")',
    ),
    ('D = "environments"\nopen(f"{D}/dev/values.yaml")', 'D = "helmfile/environments"\nopen(f"{D}/dev/values.yaml")'),
    ('ENV_DIR = "environments"\n', 'ENV_DIR = "helmfile/environments"\n'),
    ('def f(folder="environments"):\n    pass', 'def f(folder="helmfile/environments"):\n    pass'),
    (
        'class A:\n    def a(self):\n        self.d = "environments"\n    def b(self):\n        return self.d + "/dev"',
        'class A:\n    def a(self):\n        self.d = "helmfile/environments"\n    def b(self):\n        return self.d + "/dev"',
    ),
    (
        'def root():\n    return Path(__file__).parents[1]\nroot() / "environments"',
        'def root():\n    return Path(__file__).parents[1]\nroot() / "helmfile/environments"',
    ),
    (
        'd = os.environ.get("D", "environments")\nopen(d + "/dev")',
        'd = os.environ.get("D", "helmfile/environments")\nopen(d + "/dev")',
    ),
    (
        'for d in ("environments", "applications/web/chart"):\n    os.listdir(d)',
        'for d in ("helmfile/environments", "helmfile/charts/custom/web"):\n    os.listdir(d)',
    ),
    ('add_argument("--env-dir", default="environments")', 'add_argument("--env-dir", default="helmfile/environments")'),
    ('glob.glob("environments/*/values.yaml")', 'glob.glob("helmfile/environments/*/values.yaml")'),
    ('Path("environments").glob("*/values.yaml")', 'Path("helmfile/environments").glob("*/values.yaml")'),
    ('print("see environments/dev/values.yaml, please")', 'print("see helmfile/environments/dev/values.yaml, please")'),
    ('"/".join(["environments", env, "values.yaml"])', '"/".join(["helmfile/environments", env, "values.yaml"])'),
    ('x = "environments" + os.sep + env', 'x = "helmfile/environments" + os.sep + env'),
    (
        'a = ["environments", "applications/web/chart"]\nfor d in sorted(a):\n    os.listdir(d)',
        'a = ["helmfile/environments", "helmfile/charts/custom/web"]\nfor d in sorted(a):\n    os.listdir(d)',
    ),
    ('[open(f"{d}/x") for d in ["environments"]]', '[open(f"{d}/x") for d in ["helmfile/environments"]]'),
    ('add_argument("--state", default="helmfile.yaml")', 'add_argument("--state", default="helmfile/helmfile.yaml")'),
    (
        'class S:\n    base = "environments"\nopen(S.base + "/dev")',
        'class S:\n    base = "helmfile/environments"\nopen(S.base + "/dev")',
    ),
    ('p = "environments"\np = p + "/dev"\nopen(p)', 'p = "helmfile/environments"\np = p + "/dev"\nopen(p)'),
    ("# as in environments/dev/values.yaml.", "# as in helmfile/environments/dev/values.yaml."),
    ('"""Reads environments/<env>/values.yaml."""', '"""Reads helmfile/environments/<env>/values.yaml."""'),
    ('open("\\u0065nvironments/dev")', None),
    ('x = "environments/dev/values.yaml\\n"', 'x = "helmfile/environments/dev/values.yaml\\n"'),
    ('open("environments/운영/values.yaml")', 'open("helmfile/environments/운영/values.yaml")'),
    (
        'for f in Path("environments").rglob("*.yaml"):\n    f.relative_to("environments")',
        'for f in Path("helmfile/environments").rglob("*.yaml"):\n    f.relative_to("helmfile/environments")',
    ),
    ('os.path.relpath("environments/dev", start)', 'os.path.relpath("helmfile/environments/dev", start)'),
    (
        'R = os.path.relpath(os.path.join(os.path.dirname(__file__), ".."))\nopen(os.path.join(R, "environments"))',
        'R = os.path.relpath(os.path.join(os.path.dirname(__file__), ".."))\nopen(os.path.join(R, "helmfile/environments"))',
    ),
    ("\ufeffopen('environments/dev')\r\n", "\ufeffopen('helmfile/environments/dev')\r\n"),
]


@pytest.mark.parametrize(("source", "wanted"), PATHS)
def test_a_path_is_respelt_in_the_literal_that_has_to_change(source: str, wanted: str | None) -> None:
    assert rewritten(FILE, source) == (source if wanted is None else wanted)
    if wanted is not None:
        assert told(FILE, source) == []


LISTS = [
    (
        'subprocess.run(["helmfile", "-e", env, "sync"])',
        'subprocess.run(["helmfile", "-f", "helmfile/helmfile.yaml", "-e", env, "sync"])',
    ),
    (
        "subprocess.Popen(['helmfile', 'sync'], cwd='.')",
        "subprocess.Popen(['helmfile', '-f', 'helmfile/helmfile.yaml', 'sync'], cwd='.')",
    ),
    ('check_call(("helmfile", "apply"))', 'check_call(("helmfile", "-f", "helmfile/helmfile.yaml", "apply"))'),
    (
        'subprocess.run(["sudo", "-E", "helmfile", "sync"])',
        'subprocess.run(["sudo", "-E", "helmfile", "-f", "helmfile/helmfile.yaml", "sync"])',
    ),
    (
        'cmd = ["helmfile", *more]\nsubprocess.run(cmd)',
        'cmd = ["helmfile", "-f", "helmfile/helmfile.yaml", *more]\nsubprocess.run(cmd)',
    ),
    ('H = "helmfile"\nrun([H, "sync"])', 'H = "helmfile"\nrun([H, "-f", "helmfile/helmfile.yaml", "sync"])'),
    ('run(["helmfile"] + more)', 'run(["helmfile", "-f", "helmfile/helmfile.yaml"] + more)'),
    (
        'class R:\n    def _run(self, cmd, cwd="."):\n        return subprocess.Popen(cmd, cwd=cwd)\n'
        '    def go(self):\n        return self._run(["helmfile", "destroy"])',
        'class R:\n    def _run(self, cmd, cwd="."):\n        return subprocess.Popen(cmd, cwd=cwd)\n'
        '    def go(self):\n        return self._run(["helmfile", "-f", "helmfile/helmfile.yaml", "destroy"])',
    ),
    ('run(["helmfile", "-f", "helmfile.yaml", "sync"])', 'run(["helmfile", "-f", "helmfile/helmfile.yaml", "sync"])'),
    ('run(["helmfile", "--file=helmfile.yaml", "sync"])', 'run(["helmfile", "--file=helmfile/helmfile.yaml", "sync"])'),
    ('run(["cp", "-r", "environments", dst])', 'run(["cp", "-r", "helmfile/environments", dst])'),
    ('run(["helm", "template", "applications/web/chart"])', 'run(["helm", "template", "helmfile/charts/custom/web"])'),
    ('run(["cat", "dev/values.yaml"], cwd="environments")', 'run(["cat", "dev/values.yaml"], cwd="helmfile/environments")'),
    ('run(["cat", "../environments/dev"], cwd="scripts")', 'run(["cat", "../helmfile/environments/dev"], cwd="scripts")'),
    (
        'run(["helm", "lint", "--values=environments/dev/values.yaml"])',
        'run(["helm", "lint", "--values=helmfile/environments/dev/values.yaml"])',
    ),
    ('os.system("helmfile -e dev sync")', 'os.system("helmfile -f helmfile/helmfile.yaml -e dev sync")'),
    ('os.system(f"helmfile -e {env} sync")', 'os.system(f"helmfile -f helmfile/helmfile.yaml -e {env} sync")'),
    (
        'subprocess.run(f"cat environments/{env}/values.yaml", shell=True)',
        'subprocess.run(f"cat helmfile/environments/{env}/values.yaml", shell=True)',
    ),
    ('run(["bash", "-c", f"helmfile -e {e} sync"])', 'run(["bash", "-c", f"helmfile -f helmfile/helmfile.yaml -e {e} sync"])'),
    ('run(["sh", "-c", "cat environments/dev/values.yaml"])', 'run(["sh", "-c", "cat helmfile/environments/dev/values.yaml"])'),
    ('run("helmfile -e dev sync".split())', 'run("helmfile -f helmfile/helmfile.yaml -e dev sync".split())'),
    ('run(shlex.split(f"helmfile -e {e} sync"))', 'run(shlex.split(f"helmfile -f helmfile/helmfile.yaml -e {e} sync"))'),
    (
        'c = f"helmfile -e {e}"\nc += x\nos.system(c)',
        'c = f"helmfile -f helmfile/helmfile.yaml -e {e}"\nc += x\nos.system(c)',
    ),
    ('os.system("helmfile -e \\"$E\\" sync")', 'os.system("helmfile -f helmfile/helmfile.yaml -e \\"$E\\" sync")'),
    ('os.system("""\nset -e\nhelmfile sync\n""")', 'os.system("""\nset -e\nhelmfile -f helmfile/helmfile.yaml sync\n""")'),
    (
        'c = "helmfile -e {} sync".format(e)\nrun(c, shell=True)',
        'c = "helmfile -f helmfile/helmfile.yaml -e {} sync".format(e)\nrun(c, shell=True)',
    ),
    ('os.system("helmfile -e %s sync" % e)', 'os.system("helmfile -f helmfile/helmfile.yaml -e %s sync" % e)'),
    ('os.system("helmfile -e " + e + " sync")', 'os.system("helmfile -f helmfile/helmfile.yaml -e " + e + " sync")'),
    ('os.system("cat environments/%s/values.yaml" % e)', 'os.system("cat helmfile/environments/%s/values.yaml" % e)'),
    ('os.system("cat applications/{a}/values.yaml".format(a=a))', 'os.system("cat helmfile/values/{a}.yaml".format(a=a))'),
    ('H = "helmfile"\nos.system(f"{H} -e {e} sync")', 'H = "helmfile"\nos.system(f"{H} -f helmfile/helmfile.yaml -e {e} sync")'),
    ('run(["sudo", "-u", u, "helmfile"])', 'run(["sudo", "-u", u, "helmfile", "-f", "helmfile/helmfile.yaml"])'),
    ('run(["docker", "run", "-v", "./environments:/x", i])', 'run(["docker", "run", "-v", "./helmfile/environments:/x", i])'),
    (
        'R = Path(__file__).parent.parent\nos.system(f"cd {R} && cat environments/dev && helmfile sync")',
        "R = Path(__file__).parent.parent\n"
        'os.system(f"cd {R} && cat helmfile/environments/dev && helmfile -f helmfile/helmfile.yaml sync")',
    ),
    ('D = "environments"\nos.system(f"cat {D}/dev")', 'D = "helmfile/environments"\nos.system(f"cat {D}/dev")'),
    ('run(["git", "add", "environments"])', 'run(["git", "add", "helmfile/environments"])'),
    ('run(["kubectl", "apply", "-f", "environments"])', 'run(["kubectl", "apply", "-f", "helmfile/environments"])'),
    (
        'run(["sudo", "-u", "x", "helmfile", "sync"])',
        'run(["sudo", "-u", "x", "helmfile", "-f", "helmfile/helmfile.yaml", "sync"])',
    ),
    (
        "def sh(*cmd, **more):\n    return subprocess.run(cmd, **more)\n"
        'sh("helmfile", "-e", e, "sync")\nsh("cat", "environments/dev")',
        "def sh(*cmd, **more):\n    return subprocess.run(cmd, **more)\n"
        'sh("helmfile", "-f", "helmfile/helmfile.yaml", "-e", e, "sync")\nsh("cat", "helmfile/environments/dev")',
    ),
    (
        'class R:\n    def sh(self, log, *cmd):\n        os.system(" ".join(cmd))\n'
        '    def go(self):\n        self.sh(1, "helmfile", "sync")',
        'class R:\n    def sh(self, log, *cmd):\n        os.system(" ".join(cmd))\n'
        '    def go(self):\n        self.sh(1, "helmfile", "-f", "helmfile/helmfile.yaml", "sync")',
    ),
    (
        'def sh(*cmd):\n    run([*cmd])\ndef hf(*words):\n    sh("helmfile", *words)\nhf("sync")',
        'def sh(*cmd):\n    run([*cmd])\ndef hf(*words):\n    sh("helmfile", "-f", "helmfile/helmfile.yaml", *words)\nhf("sync")',
    ),
    ('os.execlp("helmfile", "helmfile", "sync")', 'os.execlp("helmfile", "helmfile", "-f", "helmfile/helmfile.yaml", "sync")'),
    ('run(["helmfile", "-fhelmfile.yaml", "sync"])', 'run(["helmfile", "-fhelmfile/helmfile.yaml", "sync"])'),
    (
        'run(["helmfile", "--kubeconfig", "/k", "sync"])',
        'run(["helmfile", "-f", "helmfile/helmfile.yaml", "--kubeconfig", "/k", "sync"])',
    ),
    ('print("helmfile -e dev sync")', 'print("helmfile -f helmfile/helmfile.yaml -e dev sync")'),
    ('print(f"Now call helmfile -e {env} sync")', 'print(f"Now call helmfile -f helmfile/helmfile.yaml -e {env} sync")'),
]


@pytest.mark.parametrize(("source", "wanted"), LISTS)
def test_a_command_gets_the_state_file_in_the_form_of_its_language(source: str, wanted: str) -> None:
    assert rewritten(FILE, source) == wanted
    assert told(FILE, source) == []


TOLD = [
    ('open(ROOT + "/environments/dev")', "where `ROOT` leads"),
    ('open(os.path.join("applications", app, "values.yaml"))', "put together"),
    ('subprocess.run(["helmfile", "sync"], cwd=where)', "the folder that it is run in is not known"),
    ('os.chdir(x)\nopen("environments/dev")', "os.chdir"),
    ('D = "environments"\nopen(f"{D}/dev")\nopen(f"kubespray/{D}")', "used for other paths"),
    ('subprocess.run(["helmfile", "sync"], cwd="applications/web")', "merged"),
    ('cmd = ["helmfile", "-e", e]\ncmd += ["-f", state]\nsubprocess.run(cmd)', "a state file among them"),
    ('for d in ("environments", "charts"):\n    shutil.copytree(d, f"/tmp/{d}")', "used for other paths"),
    ('os.listdir("applications")', "several places"),
    ('os.system(f"cd {x} && helmfile sync")', "the folder that it is run in is not known"),
    ('os.system(f"cd {x} && cat environments/dev")', "where `x` leads"),
    ('run(["docker", "exec", c, "cat", "environments/dev"])', "somewhere else"),
    ('tools = ["helmfile", "diff"]', "whether this list is run"),
    ('run(["git", "-C", x, "add", "environments/dev"])', "in which folder"),
    ('add_argument("--section", default="environments")', "a word without a slash"),
    ('a = ["environments", "applications"]\nfor d in a:\n    shutil.rmtree(d)', "several places"),
    ('run(["ssh", host, "helmfile -e dev sync"])', "somewhere else"),
    ('from lib import sh\nsh("helmfile", "-e", "dev", "sync")', "not in this file"),
    ('from lib import sh\nsh("helmfile", "-f", "helmfile.yaml", "sync")', "not in this file"),
    ('import sh\nsh.helmfile("-e", "dev", "sync")', "not in this file"),
    ('run(["helmfile", "--state-values-file", "x.yaml", "sync"])', "`--state-values-file` is read from the folder of the state"),
    ('run(["helmfile", "--output-dir=out", "template"])', "`--output-dir` is read from the folder of the state"),
    ('def hf(*words):\n    run(["helmfile", *words])\nhf("-f", "x.yaml", "sync")', "a state file among them"),
    ('def sh(cmd, **more):\n    subprocess.run(cmd, **more)\nsh(["helmfile", "sync"], cwd=d)', "is not known"),
    ('subprocess.run(["./airgap/offline/pull.sh", "environments"])', "a word without a slash"),
    ('run(["bash", "scripts/deploy.sh", "-x", "environments"])', "a word without a slash"),
    ('run(["cat", "../README.md"], cwd="environments")', "used for other paths"),
]


@pytest.mark.parametrize(("source", "reason"), TOLD)
def test_what_is_not_sure_is_left_and_told(source: str, reason: str) -> None:
    assert rewritten(FILE, source) == source
    assert any(reason in why for _, why in told(FILE, source)), told(FILE, source)


def test_the_code_of_a_file_is_rewritten_together_and_its_comments_are_not_held_back() -> None:
    source = '# environments/dev/values.yaml\nopen("environments/dev/values.yaml")\nopen(ROOT + "/environments/dev")\n'
    assert rewritten(FILE, source) == source.replace("# environments", "# helmfile/environments")
    assert [line for line, _ in told(FILE, source)] == [2, 3]


@pytest.mark.parametrize("source", ['os.system(f"helmfile -e {e} sync")', 'run(["helmfile", "-e", e, "sync"])'])
def test_a_call_has_the_words_that_are_known(source: str) -> None:
    (found,) = found_in(FILE, source)
    assert isinstance(found.origin, CommandLine)
    assert [word.text for word in found.origin.words] == ["helmfile", "-e", None, "sync"]


def test_a_name_that_is_bound_to_itself_comes_to_an_end() -> None:
    source = "x = x + x + x + x\ny = x if y else y + x\nopen(f'{y}/environments/dev')\n"
    assert rewritten(FILE, source) == source
    assert any("leads is not known" in reason for _, reason in told(FILE, source))


def test_a_file_that_never_existed_is_no_damage() -> None:
    (found,) = found_in(FILE, 'open("applications/web/custom.yaml")')
    assert found.certainty is Certainty.DANGLING


def test_a_file_that_is_no_python_3_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableSource, match=r"scripts/deploy\.py:2"):
        found_in(FILE, "x = 1\nprint 'environments/dev'\n")


NAMES = st.sampled_from(["environments/dev/values.yaml", "environments", "applications/web/chart", "README.md", "a/b", "운영"])
QUOTES = st.sampled_from(['"', "'", '"""'])
FORMS = st.sampled_from(
    ["open({})\n", "x = {}\n", "os.path.join({}, y)\n", "run(['cat', {}])\n", "def f(path={}):\n    pass\n", "# {}\n"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(FORMS, QUOTES, NAMES), max_size=6))
def test_what_is_respelt_is_found_again_at_its_new_place_and_nothing_else_changes(lines: list[tuple[str, str, str]]) -> None:
    source = "".join(form.format(quote + name + quote) for form, quote, name in lines)
    after = rewritten(FILE, source)
    assert after.replace("helmfile/charts/custom/web", "applications/web/chart").replace("helmfile/environ", "environ") == source
    assert rewritten(FILE, after) == after
