"""The small parts: ports, issuer, jars, command line."""

import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

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

    def fetch(folder: Path) -> list[Path]:
        fetched.append(folder / f"{len(fetched)}.jar")
        fetched[-1].touch()
        return [fetched[-1]]

    [jar] = kept("server-1", fetch)
    assert kept("server-1", fetch) == [jar]
    assert (jar.name, jar.exists()) == ("0.jar", True)
    jar.unlink()
    for name, again in (("server-1", "1.jar"), ("server-2", "2.jar"), ("server-1", "1.jar")):
        [jar] = kept(name, fetch)
        assert (jar.name, jar.exists()) == (again, True)


def test_who_is_killed_while_fetching_leaves_no_half_jar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    script = (
        "import os; from devstack.jars import kept\n"
        "def fetch(folder): (folder / 'a.jar').write_text('ha'); os.kill(os.getpid(), 9)\n"
        "kept('server-1', fetch)"
    )
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(tmp_path.rglob("a.jar"))

    def fetch(folder: Path) -> list[Path]:
        with (folder / "a.jar").open("x") as jar:
            jar.write("half no more")
        return [folder / "a.jar"]

    assert [jar.read_text() for jar in kept("server-1", fetch)] == ["half no more"]
    assert len(list(tmp_path.rglob("a.jar"))) == 1


def test_jars_of_two_servers_are_fetched_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    both, met = Barrier(2, timeout=1), []

    def fetch(folder: Path) -> list[Path]:
        with suppress(BrokenBarrierError):
            met.append(both.wait())
        (folder / "a.jar").touch()
        return [folder / "a.jar"]

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda name: kept(name, fetch), ("server-1", "server-2")))
    assert met == []
    assert all(jar.exists() for [jar] in found)


def test_jars_that_do_not_exist_are_named(tmp_path: Path) -> None:
    with pytest.raises(JarsUnavailableError, match="nothing at all could not be resolved"):
        resolve("nothing at all", tmp_path)


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
