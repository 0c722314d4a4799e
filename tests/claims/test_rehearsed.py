"""Scripts that make an environment and deploy it, run for trial on both sides."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from migrate.claims import rehearsed
from tests.claims import small_platform
from tests.claims.conftest import RememberingSides
from tests.claims.small_platform import new_files, old_files, tree

SCRIPT, ROOT, STATE = "scripts/site.sh", "helmfile.yaml", "helmfile/helmfile.yaml"
OLD = """\
#!/bin/bash
set -e
case $1 in
env)
  sed "s/dev.example.org/$2/" environments/dev.yaml > environments/site.yaml
  sudo -E yq -i ".size = \\"9Gi\\"" environments/site.yaml
  ;;
*) helmfile -e dev "$1" && kubectl get pods ;;
esac
"""
NEW = OLD.replace("environments/", "helmfile/environments/").replace("helmfile -e", "helmfile -f helmfile/helmfile.yaml -e")


def wrong(sides: RememberingSides, command: str, new: str = NEW, files: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a rehearsal says against the script in its new form."""
    case = small_platform.case(tree({**old_files(), SCRIPT: OLD}), tree({**new_files(), SCRIPT: new, **(files or {})}))
    pair = sides.rehearse(case.old, ROOT, command), sides.rehearse(case.new, STATE, command)
    result = rehearsed.judge(case, {command: pair})
    assert result.checked
    return {piece.subject: piece.detail for piece in result.evidence if not piece.holds}


def test_a_script_that_makes_an_environment_makes_the_same_at_its_new_place(sides: RememberingSides) -> None:
    command = f"bash {SCRIPT} env site.example.org"
    assert wrong(sides, command) == {}
    run = sides.rehearse(tree({**old_files(), SCRIPT: OLD}), ROOT, command)
    assert (run.exit_code, list(run.files), run.stand_ins) == (0, ["environments/site.yaml"], ("sudo -E", "yq -i"))


def test_a_script_that_deploys_gives_helm_the_same(sides: RememberingSides) -> None:
    assert wrong(sides, f"bash {SCRIPT} sync") == {}
    run = sides.rehearse(tree({**old_files(), SCRIPT: OLD}), ROOT, f"bash {SCRIPT} sync")
    assert (len([call for call in run.calls if call.verb == "upgrade"]), run.stand_ins) == (3, ("kubectl get",))


@pytest.mark.parametrize(
    ("what", "new"),
    [
        ("files", NEW.replace("helmfile/environments/site.yaml", "environments/site.yaml")),
        ("files", NEW.replace("9Gi", "8Gi")),
        ("its end", NEW.replace("helmfile/environments/dev.yaml", "helmfile/environments/gone.yaml")),
    ],
)
def test_another_file_or_another_end_is_found(sides: RememberingSides, what: str, new: str) -> None:
    command = f"bash {SCRIPT} env site.example.org"
    assert f"{command}: {what}" in wrong(sides, command, new)


@pytest.mark.parametrize(
    ("what", "new"),
    [
        ("helm", NEW.replace('-e dev "$1"', '-e dev -l name=web "$1"')),
        ("helm", NEW.replace('-e dev "$1"', '-e dev "$1" --set replicas=9')),
        ("stand-ins", NEW.replace("kubectl get", "kubectl delete")),
        ("its end", NEW.replace("helmfile.yaml -e", "gone.yaml -e")),
    ],
)
def test_another_deployment_is_found(sides: RememberingSides, what: str, new: str) -> None:
    command = f"bash {SCRIPT} sync"
    assert f"{command}: {what}" in wrong(sides, command, new)
