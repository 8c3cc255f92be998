"""The command line: up, down, destroy, fetch, status, logs, token, issuer."""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from devstack import kafka_jars, s3proxy
from devstack.child import describe_exit
from devstack.errors import StackError
from devstack.files import PUBLIC
from devstack.issuer import Issuer
from devstack.jars import JarsUnavailableError
from devstack.server import tail
from devstack.stack import Stack, StackInfo
from devstack.status import Phase, ProcessStatus, Status

DEFAULT_STATE = Path("var") / "stack"
SERVICE_TOKEN_DAYS = 30
Adder = Callable[..., argparse.Action]


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; return what to exit with."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (StackError, TimeoutError) as error:
        print(f"devstack: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("devstack: interrupted", file=sys.stderr)
        return 130


def _up(options: argparse.Namespace) -> int:
    stack = Stack(options.state, registry=options.registry, services=options.service)
    began = time.monotonic()
    if stack.up():
        print(f"Up in {time.monotonic() - began:.1f} s.\n")
    else:
        print("It is up already; nothing was started.\n")
    _print_addresses(stack)
    return 0


def _down(options: argparse.Namespace) -> int:
    if options.destroy:
        return _destroy(options)
    stopped = Stack(options.state).down()
    print("Stopped; its data stay." if stopped else "Nothing was running.")
    return 0


def _destroy(options: argparse.Namespace) -> int:
    Stack(options.state).destroy()
    print(f"Stopped, and {options.state} is removed.")
    return 0


def _fetch(_: argparse.Namespace) -> int:
    for name, fetch in (("Kafka", kafka_jars.classpath), ("S3Proxy", s3proxy.classpath)):
        try:
            fetch()
        except JarsUnavailableError as error:
            print(f"devstack: goes on without {name}: {error}", file=sys.stderr)
    return 0


def _status(options: argparse.Namespace) -> int:
    stack = Stack(options.state)
    status = stack.status()
    if status is None:
        print(f"There is no stack in {options.state}.")
        return 1
    alive = stack.is_up()
    if alive or status.phase in {Phase.STOPPED, Phase.FAILED}:
        print(f"{status.phase.value} {status.message}".rstrip())
    else:
        print(f"The supervisor ({status.pid}) died; `up` or `down` cleans up after it.")
    _print_processes(status)
    print(f"\nCrashes are told in {stack.supervisor_log}")
    if alive and status.phase is Phase.RUNNING:
        print()
        _print_addresses(stack)
    return 0 if alive and status.phase is Phase.RUNNING else 1


def _logs(options: argparse.Namespace) -> int:
    stack = Stack(options.state)
    log = stack.log(options.process)
    if not log.exists():
        known = sorted(path.stem for path in (stack.state / "logs").glob("*.log"))
        raise StackError(f"no log of {options.process}; there are: {', '.join(known) or 'none'}")
    if not options.follow:
        print(tail(log, options.lines))
        return 0
    return subprocess.call(["tail", "-n", str(options.lines), "-F", log])


def _token(options: argparse.Namespace) -> int:
    stack = Stack(options.state)
    sites = tuple(options.site or ("*",))
    print(stack.token(options.subject, options.role, sites, options.hours))
    return 0


def _issuer(options: argparse.Namespace) -> int:
    folder: Path = options.folder.resolve()
    issuer = Issuer(folder)
    issuer.prepare()
    token = folder / "service.jwt"
    issuer.write_service_token("service", token, hours=24 * SERVICE_TOKEN_DAYS)
    # In containers the services run under a user of their own, who has to read it.
    token.chmod(PUBLIC)
    print(f"{issuer.jwks}\n{token} (valid for {SERVICE_TOKEN_DAYS} days)")
    if options.role:
        print(issuer.token("local", options.role))
    return 0


def _print_addresses(stack: Stack) -> None:
    info = stack.info
    if info.warning:
        print(f"{'!' * 78}\n{info.warning}\n{'!' * 78}\n")
    rows = [(f"{name} API", f"{url}/docs") for name, url in info.service_urls.items()]
    rows += [(f"{name} health", f"{url}/health/ready") for name, url in info.health_urls.items()]
    rows += _server_rows(info)
    width = max(len(name) for name, _ in rows)
    for name, address in rows:
        print(f"  {name:{width}}  {address}")
    print(f"\n  state and logs: {stack.state}")
    print("  a token:        python -m devstack token --role clerk --site 301 --hours 12")


def _server_rows(info: StackInfo) -> list[tuple[str, str]]:
    postgres = f"{info.postgres.host}:{info.postgres.port} (passwords: secrets.json in the state)"
    return [
        ("Kafka", f"{info.kafka_bootstrap} ({info.broker})"),
        ("PostgreSQL", postgres),
        ("Redis", info.redis_url),
    ]


def _print_processes(status: Status) -> None:
    print(f"\n  {'process':22}{'state':10}{'pid':>8}  {'since':21}{'restarts':>8}  last exit")
    for name, one in status.processes.items():
        state = "running" if one.running and one.identity.is_alive() else "ended"
        since = _moment(one.started)
        restarts = f"{one.restarts:>8}"
        print(f"  {name:22}{state:10}{one.pid:>8}  {since:21}{restarts}  {_last_exit(one)}")


def _last_exit(one: ProcessStatus) -> str:
    if one.last_exit is None or one.last_exit_at is None:
        return "-"
    return f"{describe_exit(one.last_exit)} at {_moment(one.last_exit_at)}"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def project_root() -> Path:
    """Return the nearest folder above that holds the workspace's lock, or where we are."""
    here = Path.cwd()
    return next((p for p in (here, *here.parents) if (p / "uv.lock").exists()), here)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="devstack", description=__doc__)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--state", type=Path, default=project_root() / DEFAULT_STATE, help="the state folder"
    )
    commands = parser.add_subparsers(required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> Adder:
        command = commands.add_parser(name, help=text, parents=[shared])
        command.set_defaults(command=run)
        return command.add_argument

    up = add("up", _up, "start everything, and wait until it is ready")
    up("--service", action="append", help="only this service (may be given again)")
    up("--registry", help="module:name of another table of services")
    down = add("down", _down, "stop everything; data stay")
    down("--destroy", action="store_true", help="remove the data too")
    add("destroy", _destroy, "stop everything and remove the state folder")
    add("fetch", _fetch, "fetch the jars of servers now, so that no start has to wait for them")
    add("status", _status, "say what runs, how often it crashed, and where it is")
    logs = add("logs", _logs, "show the end of a process's log")
    logs("process", help="such as sales.worker, kafka or supervisor")
    logs("-n", "--lines", type=int, default=50)
    logs("-f", "--follow", action="store_true")
    _add_token_options(add("token", _token, "print a token for trying things out"))
    issuer = add("issuer", _issuer, "make an issuer's folder for use outside of this stack")
    issuer("--folder", type=Path, default=project_root() / "var" / "issuer")
    issuer("--role", action="append", default=[], help="print a token with this role as well")
    return parser


def _add_token_options(token: Adder) -> None:
    token("--role", action="append", required=True, help="may be given again")
    token("--site", action="append", help="may be given again; all sites if left out")
    token("--hours", type=float, default=12)
    token("--subject", default="local")
