"""The whole mechanism, on stand-in services and real servers."""

import http.client
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from devstack.cli import main
from devstack.errors import StackError
from devstack.processes import end
from devstack.stack import Stack
from devstack.status import Phase
from devstack.waiting import run_async, wait_until

Stacks = Callable[..., Stack]
SECONDS = 30.0


def test_up_gives_every_process_what_it_needs_and_down_keeps_the_data(
    standin_stack: Stacks,
) -> None:
    stack = standin_stack()
    assert stack.up()
    info = stack.info
    assert info.broker.startswith("apache-kafka 4.")
    assert set(info.service_urls) == {"first", "second"}
    told = _get(info.health_urls["second.worker"])
    assert told["TRUESHELF_FIRST_URL"] == info.service_urls["first"]
    assert told["TRUESHELF_ENVIRONMENT"] == "local"
    assert told["TRUESHELF_DATABASE_URL"] == info.database_dsn("second")
    assert "TRUESHELF_MIGRATION_DATABASE_URL" not in told
    assert Path(told["TRUESHELF_SERVICE_TOKEN_FILE"]).read_text().count(".") == 2
    assert run_async(_topics(info.kafka_bootstrap)) >= {"first.thing.v1", "second.thing.v1"}
    assert run_async(_runs(info.database_dsn("first"))) == 1
    assert not stack.up(), "a second up is harmless"
    assert stack.down()
    assert "stopping kindly" in stack.log("first.api").read_text()
    assert stack.up()
    assert stack.info == info, "ports and passwords are remembered"
    assert run_async(_runs(info.database_dsn("first"))) == 2


def test_secrets_are_private(standin_stack: Stacks) -> None:
    stack = standin_stack()
    stack.up()
    private = ["secrets.json", "issuer/key.json", "tokens/first.jwt"]
    modes = {name: stat.S_IMODE((stack.state / name).stat().st_mode) for name in private}
    assert modes == dict.fromkeys(private, 0o600)


def test_whatever_is_killed_comes_back_and_the_crash_is_told(
    standin_stack: Stacks, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = standin_stack()
    stack.up()
    for process in ("first.worker", "postgres", "redis", "kafka"):
        before = stack.pid(process)
        stack.restart(process, signal.SIGKILL)
        assert stack.pid(process) != before
    stack.wait_ready()
    status = stack.status()
    assert status is not None
    assert status.processes["first.worker"].restarts == 1
    assert status.processes["first.worker"].last_exit == -signal.SIGKILL
    assert "first.worker was ended by SIGKILL" in stack.supervisor_log.read_text()
    assert main(["status", "--state", str(stack.state)]) == 0
    assert "ended by SIGKILL" in capsys.readouterr().out


def test_a_server_stopped_kindly_comes_back_too(standin_stack: Stacks) -> None:
    stack = standin_stack()
    stack.up()
    stack.restart("postgres")
    assert run_async(_runs(stack.info.database_dsn("first"))) == 1


def test_orphans_of_a_killed_supervisor_are_cleaned_and_strangers_spared(
    standin_stack: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDIN_STUBBORN", "1")
    stack = standin_stack()
    stack.up()
    status = stack.status()
    assert status is not None
    orphans = [status.processes[n].identity for n in ("first.api", "second.relay")]
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        os.kill(status.pid, signal.SIGKILL)
        wait_until(lambda: not stack.is_up(), SECONDS, "the supervisor's end")
        for name in ("kafka", "redis", "postgres"):
            gone = status.processes[name].identity
            wait_until(lambda gone=gone: not gone.is_alive(), SECONDS, f"{name} to end by itself")  # type: ignore[misc]
        assert all(orphan.is_alive() for orphan in orphans)
        # As if a pid of ours had gone to something that started at another time.
        worker = status.processes["first.worker"]
        end(worker.identity, signal.SIGKILL, SECONDS)
        worker.pid = stranger.pid
        worker.started -= 60
        status.write(stack.state)
        monkeypatch.setattr("devstack.stack.ORPHAN_SECONDS", 1.0)
        assert set(stack.clean_orphans()) >= {"first.api", "second.relay"}
        assert not any(orphan.is_alive() for orphan in orphans)
        assert stranger.poll() is None
    finally:
        stranger.communicate(b"\n")


def test_a_step_that_fails_stops_the_stack_and_says_why(
    standin_stack: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDIN_BROKEN", "migrate")
    stack = standin_stack()
    with pytest.raises(StackError, match=r"migrate of [a-z]+ is broken on purpose"):
        stack.up()
    status = stack.status()
    assert status is not None
    assert status.phase is Phase.FAILED
    assert not any(one.identity.is_alive() for one in status.processes.values())


def test_a_service_that_keeps_crashing_is_not_waited_for_forever(
    standin_stack: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDIN_BROKEN", "relay")
    with pytest.raises(StackError, match="times in a row"):
        standin_stack().up()


def test_a_bound_stack_ends_with_its_process(standin_stack: Stacks, tmp_path: Path) -> None:
    state = tmp_path / "bound"
    script = (
        "import sys; from pathlib import Path; from devstack.stack import Stack\n"
        "Stack(Path(sys.argv[1]), registry='standin:SERVICES', bound=True, brief=True).up()\n"
        "print('up', flush=True); input()"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    status = standin_stack(state).status()
    assert status is not None
    owner.kill()
    owner.communicate()
    wait_until(lambda: not state.exists(), 60, "the state to vanish")
    assert not any(one.identity.is_alive() for one in status.processes.values())


def test_a_folder_of_somebody_else_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")
    with pytest.raises(StackError, match="not the state of a stack"):
        Stack(tmp_path).destroy()


def test_ports_taken_meanwhile_are_chosen_anew(standin_stack: Stacks) -> None:
    stack = standin_stack()
    stack.up()
    before = stack.info
    stack.down()
    taken = urlsplit(before.service_urls["first"]).port
    code = f"import socket; s = socket.create_server(('127.0.0.1', {taken})); print(); input()"
    squatter = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert squatter.stdout is not None
        squatter.stdout.readline()
        stack.up()
        after = stack.info
    finally:
        squatter.communicate(b"\n")
    assert after.service_urls["first"] != before.service_urls["first"]
    assert after.service_urls["second"] == before.service_urls["second"]


def _get(url: str) -> dict[str, str]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/")
        told: dict[str, str] = json.loads(connection.getresponse().read())
        return told
    finally:
        connection.close()


async def _topics(bootstrap: str) -> set[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return set(await admin.list_topics())
    finally:
        await admin.close()


async def _runs(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval("select count(*) from runs"))
    finally:
        await connection.close()
