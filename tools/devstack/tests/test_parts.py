"""The small parts: ports, issuer, jars, command line."""

import json
import socket
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from devstack.broker import choose_broker
from devstack.cli import main
from devstack.errors import StackError
from devstack.issuer import Issuer
from devstack.jars import JarsUnavailableError, kept, resolve
from devstack.ports import RANGE, remembered_ports


def test_ports_are_remembered_unless_taken(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = remembered_ports(file, ["a", "b"])
    assert remembered_ports(file, ["a", "b"]) == first
    with socket.create_server(("127.0.0.1", first["a"])):
        second = remembered_ports(file, ["a", "b"])
    assert second["a"] != first["a"]
    assert second["b"] == first["b"]
    assert set(second.values()) <= set(RANGE)


def test_tokens_are_signed_with_a_key_that_stays(tmp_path: Path) -> None:
    Issuer(tmp_path).prepare()
    token = Issuer(tmp_path).token("anna", ["buyer", "finance"], ["301"], hours=1)
    keys = KeySet.import_key_set(json.loads((tmp_path / "jwks.json").read_text()))
    read = jwt.decode(token, keys, algorithms=["ES256"])
    assert "d" not in (tmp_path / "jwks.json").read_text().split('"')
    assert read.header["kid"]
    assert {name: read.claims[name] for name in ("sub", "roles", "sites", "iss")} == {
        "sub": "anna",
        "roles": ["buyer", "finance"],
        "sites": ["301"],
        "iss": "https://issuer.trueshelf.local",
    }
    assert read.claims["exp"] - read.claims["iat"] == 3600


def test_a_folder_of_tokens_can_be_made_for_other_ways_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["issuer", "--folder", str(tmp_path / "issuer")]) == 0
    assert {p.name for p in (tmp_path / "issuer").iterdir()} >= {"jwks.json", "service.jwt"}
    assert "jwks.json" in capsys.readouterr().out


def test_without_jars_the_mock_is_announced_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_jars(monkeypatch)
    monkeypatch.delenv("TRUESHELF_REQUIRE_KAFKA", raising=False)
    broker = choose_broker(tmp_path / "kafka")
    assert broker.server.kind == "librdkafka mock (in memory)"
    assert "NO APACHE KAFKA" in broker.warning
    assert "out of reach" in broker.warning


def test_without_jars_a_demanded_kafka_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_jars(monkeypatch)
    monkeypatch.setenv("TRUESHELF_REQUIRE_KAFKA", "1")
    with pytest.raises(StackError, match="TRUESHELF_REQUIRE_KAFKA=1"):
        choose_broker(tmp_path / "kafka")


def test_jars_are_fetched_once_and_again_only_if_one_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fetched: list[Path] = []

    def fetch() -> list[Path]:
        fetched.append(tmp_path / f"{len(fetched)}.jar")
        fetched[-1].touch()
        return [fetched[-1]]

    assert kept("server-1", fetch) == kept("server-1", fetch) == [tmp_path / "0.jar"]
    fetched[0].unlink()
    assert kept("server-1", fetch) == [tmp_path / "1.jar"]
    assert kept("server-2", fetch) == [tmp_path / "2.jar"]


def test_jars_that_do_not_exist_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(JarsUnavailableError, match="nothing at all could not be resolved"):
        resolve("nothing at all")


def test_commands_without_a_stack_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = ["--state", str(tmp_path / "none")]
    assert main(["status", *state]) == 1
    assert main(["down", *state]) == 0
    assert main(["token", "--role", "clerk", *state]) == 1
    assert main(["logs", "kafka", *state]) == 1
    assert "bring the stack up first" in capsys.readouterr().err


def _no_jars(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[Path]:
        raise JarsUnavailableError("out of reach")

    monkeypatch.setattr("devstack.broker.classpath", fail)
