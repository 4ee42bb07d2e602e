"""That docker-compose.yml is what Compose reads, and holds what this project promises of it.

The schema is the Compose specification's as docker-compose 1.29.2 carries it (Apache-2.0).
"""

import json
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement

from tests.deploy.compose import COMPOSE, OURS, ROOT, SERVICES, env_file
from worker.settings import SECRETS, Settings

SCHEMA = json.loads((Path(__file__).parent / "compose_spec.json").read_text())
RUNNING = ("worker", "beat", "web")


def test_it_is_what_the_compose_specification_takes() -> None:
    extensions = {name: part for name, part in COMPOSE.items() if not name.startswith("x-")}
    jsonschema.Draft7Validator(SCHEMA).validate(extensions)


def test_that_schema_refuses_what_is_none() -> None:
    wrong = {**COMPOSE, "services": {"web": {"image": "a", "comand": ["b"]}}}
    with pytest.raises(jsonschema.ValidationError, match="comand"):
        jsonschema.Draft7Validator(SCHEMA).validate(wrong)


def test_every_service_is_there_and_comes_back_by_itself() -> None:
    assert set(SERVICES) == {"redis", "postgres", "migrate", "worker", "beat", "web", "demo"}
    assert all(SERVICES[name]["restart"] == "unless-stopped" for name in ("redis", "postgres", *RUNNING))
    assert SERVICES["migrate"]["restart"] == "no"


@pytest.mark.parametrize("name", OURS)
def test_ours_can_do_no_more_than_they_must(name: str) -> None:
    service = OURS[name]
    assert service["read_only"]
    assert service["tmpfs"] == ["/tmp"]
    if name != "demo":
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


def test_only_the_web_is_open_and_only_to_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["${WEB_ADDRESS:-127.0.0.1:8484}:8484"]
    }


def test_what_is_kept_lies_in_volumes_and_is_waited_for() -> None:
    assert {volume.split(":")[0] for name in ("redis", "postgres") for volume in SERVICES[name]["volumes"]} == {
        *COMPOSE["volumes"]
    }
    for name in RUNNING:
        waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
        assert waits == {
            "redis": "service_healthy",
            "postgres": "service_healthy",
            "migrate": "service_completed_successfully",
        }
    assert all("healthcheck" in SERVICES[name] for name in ("redis", "postgres"))


def test_a_task_may_end_before_its_container_is_killed() -> None:
    limit = int(re.findall(r"HARD_TIME_LIMIT_S = (\d+)", (ROOT / "worker/celeryconfig.py").read_text())[0])
    for name in RUNNING:
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > limit


def test_no_secret_stands_in_it_or_in_the_environment() -> None:
    text = (ROOT / "docker-compose.yml").read_text() + (ROOT / ".env.example").read_text()
    assert not re.search(r"ACMA:\w|//\w*:[^@\s]+@|PASSWORD: ", text)
    named = {secret for service in SERVICES.values() for secret in service.get("secrets", ())}
    assert named == set(COMPOSE["secrets"])
    assert all(secret["file"] == f"./secrets/{name}" for name, secret in COMPOSE["secrets"].items())
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"/secrets/", ".env"} <= set(ignored)


def test_every_setting_that_is_named_is_one() -> None:
    commented = re.sub(r"^#(?=[A-Z_]+=)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    names = set(re.findall(r"^(CHATWARDEN_\w+)=", commented, flags=re.MULTILINE))
    names |= {name for service in OURS.values() for name in service["environment"]}
    known = {f"CHATWARDEN_{name.upper()}" for name in Settings.model_fields} | {f"{name}_FILE" for name in SECRETS}
    assert names - known == {"CHATWARDEN_CONFIG"}


def test_the_image_is_tagged_with_this_version() -> None:
    assert {service["image"] for service in OURS.values()} == {f"chatwarden:{version('chatwarden')}"}
    images = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    assert all(re.search(r":\d+", image) for image in images)


def test_what_the_image_is_made_of_is_pinned_and_fits() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    pinned = {one.name: one.specifier for one in map(Requirement, lines) if not one.marker or one.marker.evaluate()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for wanted in map(Requirement, project["dependencies"] + project["optional-dependencies"]["postgres"]):
        (exact,) = pinned[wanted.name]
        assert exact.operator == "=="
        assert exact.version in wanted.specifier, wanted
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_compose_29_reads_what_it_holds() -> None:
    """It knows no `name`, no merge of lists, and wants a version."""
    assert float(COMPOSE["version"]) >= 3.8
    assert "name" not in COMPOSE
    assert yaml.safe_load(json.dumps(COMPOSE)) == COMPOSE  # nothing that YAML 1.1 and 1.2 read in two ways


def test_an_image_holds_no_more_than_it_needs() -> None:
    copied = set(re.findall(r"^COPY (?!--)(.+) \S+$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE))
    wanted = {f"!{name}" for names in copied for name in names.split()}
    kept = {line for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert kept == wanted
    assert "USER 10001" in (ROOT / "Dockerfile").read_text()


def test_the_env_file_stands_without_quotes() -> None:
    values = env_file(ROOT / ".env.example").values()
    assert values
    assert not any(value.startswith(("'", '"')) for value in values)
