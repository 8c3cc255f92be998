"""docker-compose.yml and Dockerfile hold together, seen without a container engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/pyproject.toml"))
STEPS = ("migrate", "topics")
PROCESSES = ("api", "worker", "relay")
EXTRAS = {"purchasing-recognizer"}
OURS = [name for name in CONTAINERS if name.partition("-")[0] in SERVICES]


def test_every_service_has_its_steps_and_processes() -> None:
    expected = {f"{service}-{part}" for service in SERVICES for part in (*STEPS, *PROCESSES)}
    assert set(CONTAINERS) == expected | EXTRAS | {"postgres", "redis", "kafka"}


@pytest.mark.parametrize("name", OURS)
def test_a_container_runs_the_process_it_is_named_after(name: str) -> None:
    service, _, part = name.partition("-")
    container = CONTAINERS[name]
    assert container["image"] == f"trueshelf-{service}"
    assert container["command"] == [part]
    database = container["environment"]["TRUESHELF_DATABASE_URL"]
    assert database.startswith(f"postgresql://{service}:")
    assert database.endswith(f"/{service}")


@pytest.mark.parametrize("name", OURS)
def test_only_the_migration_is_given_the_owner_of_the_database(name: str) -> None:
    has_owner = "TRUESHELF_MIGRATION_DATABASE_URL" in CONTAINERS[name]["environment"]
    assert has_owner == name.endswith("-migrate")


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_is_waited_for_can_come_true(name: str) -> None:
    for target, wait in CONTAINERS[name].get("depends_on", {}).items():
        ends = CONTAINERS[target]["restart"] == "no"
        if wait["condition"] == "service_completed_successfully":
            assert ends
        else:
            assert wait["condition"] == "service_healthy"
            assert not ends
            assert "healthcheck" in CONTAINERS[target] or "HEALTHCHECK" in DOCKERFILE


@pytest.mark.parametrize("name", CONTAINERS)
def test_ports_are_open_to_this_machine_alone(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in CONTAINERS[name].get("ports", ()))


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_is_mounted_by_name_is_declared(name: str) -> None:
    container = CONTAINERS[name]
    named = [volume.partition(":")[0] for volume in container.get("volumes", ())]
    declared = {volume for volume in named if re.fullmatch(r"[a-z-]+", volume)}
    assert declared <= COMPOSE["volumes"].keys()
    assert {config["source"] for config in container.get("configs", ())} <= COMPOSE[
        "configs"
    ].keys()


def test_every_secret_can_be_set_from_the_environment() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    values = re.findall(r"PASSWORD: (\S+)$|postgresql://\w+:(\S+?)@", text, flags=re.MULTILINE)
    assert values
    assert all(re.fullmatch(r"\$\{TRUESHELF_\w+:-local-only\}", a or b) for a, b in values)


def test_roles_are_made_for_every_service() -> None:
    script = COMPOSE["configs"]["postgres-roles"]["content"]
    listed = re.search(r"for service in (.+); do", script)
    assert listed is not None
    assert sorted(listed.group(1).split()) == SERVICES


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, flags=re.MULTILINE) == ["10001"]


def test_image_and_makefile_bring_the_same_uv() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    wanted = re.findall(r"^UV_VERSION := (\S+)$", makefile, flags=re.MULTILINE)
    assert wanted == re.findall(r"^ARG UV_VERSION=(\S+)$", DOCKERFILE, flags=re.MULTILINE)
