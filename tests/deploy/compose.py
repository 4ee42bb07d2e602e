"""docker-compose.yml as the tests read it, and its services as plain processes in place of containers."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
BIN = Path(sys.executable).parent

_DEFAULT = re.compile(r"\$\{\w+:-([^}]*)\}")


def env_file(path: Path) -> dict[str, str]:
    """Read an env file as Compose does: NAME=value, no quotes, # at the start of a line."""
    lines = (line.partition("=") for line in path.read_text().splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in lines}


class Containers:
    """Where a container would find what its service names: each place in it has another one on this machine."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def here(self, text: str) -> str:
        """Return what a text of the file means on this machine."""
        text = _DEFAULT.sub(r"\1", text).replace("$$", "$")
        for place, other in self._places.items():
            text = text.replace(place, other)
        return text

    def command(self, name: str) -> list[str]:
        """Return the command of a service; our image's entrypoint is chatwarden."""
        command = [self.here(part) for part in SERVICES[name]["command"]]
        return [str(BIN / "chatwarden"), *command] if name in OURS else command

    def environment(self, name: str) -> dict[str, str]:
        """Return the environment of a service: what the image sets, the env file, its own."""
        told = env_file(ROOT / ".env.example") | SERVICES[name].get("environment", {})
        inherited = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": "/nowhere", "PYTHONUNBUFFERED": "1"}
        coverage = {key: value for key, value in os.environ.items() if key.startswith("COV")}
        return inherited | coverage | {key: self.here(value) for key, value in told.items()}

    def health(self, name: str) -> list[str]:
        """Return the command that tells whether a service is well."""
        kind, *command = SERVICES[name]["healthcheck"]["test"]
        command = [self.here(part) for part in command]
        return ["/bin/sh", "-c", *command] if kind == "CMD-SHELL" else command
