from __future__ import annotations

import pytest

from migrate.model.paths import RepoPath
from migrate.references.dockerfile import DOCKERFILE
from tests.references.pieces import after, found


@pytest.mark.parametrize(
    "content",
    [
        "FROM applications/web\nWORKDIR environments/dev\nENV X=environments/dev\n",
        "COPY --from=build environments/dev /x\n",
        "COPY docs environments/dev\n",
        "ADD https://example.org/environments/dev /x\n",
        "COPY . environments/dev\n",
        "ARG ENV_DIR=environments\nLABEL x=y\n",
        "RUN --mount=type=bind,from=build,source=environments/dev,target=/x true\n",
        "RUN --mount=type=cache,target=environments/dev true\n",
        'ENTRYPOINT ["helmfile"]\nCMD ["--help"]\n',
    ],
)
def test_what_means_nothing_that_moves_is_left_and_not_told(content: str) -> None:
    assert found(DOCKERFILE, "Dockerfile", content) == ()


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("COPY environments /app/environments", "COPY helmfile/environments /app/environments"),
        ("COPY --chown=1:1 /environments/dev/ x docs/ /app/", "COPY --chown=1:1 /helmfile/environments/dev/ x docs/ /app/"),
        ('COPY ["environments/dev", "/a b/"]', 'COPY ["helmfile/environments/dev", "/a b/"]'),
        (
            "add ./environments/dev/values.yaml \\\n  # why\n  /app/",
            "add ./helmfile/environments/dev/values.yaml \\\n  # why\n  /app/",
        ),
        ("COPY applications/web/values.yaml /app/values.yaml", "COPY helmfile/values/web.yaml /app/values.yaml"),
        ("COPY applications/web/chart /charts/", "COPY helmfile/charts/custom/web /charts/"),
        ("COPY applications/${APP}/chart /c", "COPY helmfile/charts/custom/${APP} /c"),
        ("ARG D=environments\nCOPY $D/dev ${D}/prod /x/", "ARG D=helmfile/environments\nCOPY $D/dev ${D}/prod /x/"),
        ("ARG A=web\nCOPY applications/$A/chart /c", "ARG A=web\nCOPY helmfile/charts/custom/$A /c"),
        ('ARG V="environments/dev/values.yaml"\nCOPY $V /v', 'ARG V="helmfile/environments/dev/values.yaml"\nCOPY $V /v'),
        (
            "RUN --mount=type=bind,source=environments/dev,target=/x true",
            "RUN --mount=type=bind,source=helmfile/environments/dev,target=/x true",
        ),
        ("# needs environments/dev", "# needs helmfile/environments/dev"),
    ],
)
@pytest.mark.parametrize("path", ["Dockerfile", "docker/web.Dockerfile", "Containerfile"])
def test_what_is_copied_out_of_the_context_is_respelt(path: str, before: str, wanted: str) -> None:
    content = f"FROM x\n{before}\nRUN true\n"
    assert after(DOCKERFILE, path, content) == f"FROM x\n{wanted}\nRUN true\n"


def test_the_file_s_own_folder_may_be_the_context() -> None:
    assert after(DOCKERFILE, "environments/Dockerfile", "COPY dev/values.yaml /x\n") == "COPY dev/values.yaml /x\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("RUN cat environments/dev/values.yaml\n", "a path inside the image"),
        ("RUN <<EOF\ncat environments/dev/values.yaml\nEOF\nRUN true", "a path inside the image"),
        ("RUN helmfile -e dev apply\n", "a path inside the image"),
        ("COPY applications/web/values.yaml /app/\n", "under another name, web.yaml and not values.yaml"),
        ("COPY applications/web /app\n", "go to several places"),
        ("ARG D=environments\nCOPY $D /x\nRUN ls $D\n", "used for other things"),
        ("ARG D=docs\nARG D=environments\nCOPY $D /x\n", "used for other things"),
        ('ENTRYPOINT ["helmfile", "-e", "dev", "sync"]\n', "a path inside the image"),
        ("CMD helmfile -e dev \\\n  sync\n", "a path inside the image"),
    ],
)
def test_what_is_not_sure_is_left_and_told(content: str, reason: str) -> None:
    (only,) = found(DOCKERFILE, "Dockerfile", content)
    assert reason in only.reason
    assert only.edits == ()


def test_a_path_inside_the_image_holds_no_copy_back() -> None:
    content = "COPY environments /e\nRUN cat environments/dev\n"
    assert after(DOCKERFILE, "Dockerfile", content) == "COPY helmfile/environments /e\nRUN cat environments/dev\n"


@pytest.mark.parametrize(
    ("path", "wanted"), [("Dockerfile.dev", True), ("Dockerfile.dockerignore", False), ("a/docker.md", False)]
)
def test_it_reads_dockerfiles_by_their_names(path: str, wanted: bool) -> None:
    assert DOCKERFILE.reads(RepoPath(path), b"") is wanted
