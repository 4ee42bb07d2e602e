"""The Dockerfile's steps by their very commands, in an empty folder in place of an image."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.compose import ROOT

Step = tuple[str, str]


def steps() -> Iterator[Step]:
    """Yield each instruction of the Dockerfile and what it says."""
    joined = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    for line in joined.splitlines():
        if line and not line.startswith("#"):
            word, _, said = line.partition(" ")
            yield word, said


def copy(said: str, folder: Path) -> None:
    """Copy as COPY does, into the folder that stands for the working directory."""
    *sources, target = said.split()
    for source in sources:
        subprocess.run(["cp", "-r", str(ROOT / source), str(folder / target)], check=True)


@pytest.mark.slow
def test_its_steps_make_an_environment_that_works_and_holds_nothing_that_installs(tmp_path: Path) -> None:
    build, installed = tmp_path / "build", tmp_path / "opt" / "chatwarden"
    build.mkdir()
    for word, said in steps():
        if word == "COPY" and not said.startswith("--from"):
            copy(said, build)
        elif word == "RUN":
            here = said.replace("/opt/chatwarden", str(installed))
            path = f"{sys.base_prefix}/bin:/usr/bin:/bin"
            subprocess.run(here, shell=True, cwd=build, check=True, env={"PATH": path, "HOME": str(tmp_path)})

    run = subprocess.run([installed / "bin" / "chatwarden", "check", "пишите 8 912 000-11-22"], capture_output=True)
    assert run.returncode == 1
    assert not list(installed.glob("bin/pip*")) + list(installed.rglob("site-packages/pip"))


def test_what_it_starts_is_a_command_that_there_is() -> None:
    said = dict(steps())
    assert json.loads(said["ENTRYPOINT"]) == ["chatwarden"]
    _, _, health = said["HEALTHCHECK"].partition("CMD ")
    assert json.loads(health)[:2] == ["python", "-c"]
    port = json.loads(said["CMD"])[-1]
    assert f":{port}/healthz" in health
    assert said["EXPOSE"] == port
    assert shlex.split(said["USER"]) == ["10001:10001"]
