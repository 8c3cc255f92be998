"""`python -m demo`: a real week of a chain of shops through the whole platform."""

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from demo.client import Api
from demo.errors import DemoError
from demo.memory import MemoryWatch
from demo.play import SELLING, Wishes, judge, load, make_plan, play
from demo.progress import Show
from demo.report import Json, compose, failures, table_of
from devstack.errors import StackError
from devstack.stack import Stack

STATE = Path("var/demo/stack")
REPORT = Path("var/demo/report.json")
# Whoever names another folder must not lose a stack that was never the demo's.
MARK = "made-by-the-demo"
FIRST_WEEK, LAST_WEEK = 1, 53
STORES_MAX, CLIENTS_MAX = 1_000, 64
ROLES = ("master_data", "buyer", "clerk", "shop_manager", "finance", "operator")
TOKEN_HOURS = 12.0


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; return what to exit with."""
    options = _parser().parse_args(arguments)
    stack = Stack(options.state)
    wishes = Wishes(options.weeks, options.stores, options.clients)
    try:
        return _run(stack, wishes, keep=options.keep)
    except (DemoError, StackError, TimeoutError, ExceptionGroup) as group:
        error = _first(group)
        if not isinstance(error, DemoError | StackError | TimeoutError):
            raise
        advice = f"Look into {stack.supervisor_log} and the logs beside it"
        print(f"\ndemo: {error}", file=sys.stderr)
        print(f"What to do: {getattr(error, 'advice', advice)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndemo: interrupted; every run begins afresh", file=sys.stderr)
        return 130


def _run(stack: Stack, wishes: Wishes, *, keep: bool) -> int:
    began, show = time.monotonic(), Show()
    with show.step("Reading the data"):
        plan = make_plan(load(wishes))
    _refuse_a_stranger(stack)
    # A run that ends early must not be taken for the one before.
    REPORT.unlink(missing_ok=True)
    try:
        with show.step("Starting the platform"):
            _begin_afresh(stack)
        broker, run = stack.info.broker, uuid4().hex[:12]
        if stack.info.warning:
            show.say(stack.info.warning)
        token = stack.token("demo", ROLES, ("*",), TOKEN_HOURS)

        async def everything() -> Json:
            with MemoryWatch(stack) as memory:
                async with Api(stack.info.service_urls, token, wishes.clients) as api:
                    played = await play(api, run, plan, wishes.clients, show)
            facts = {
                "broker": broker,
                "run": run,
                "weeks": list(wishes.weeks),
                "clients": wishes.clients,
                "memory_mb": memory.megabytes(),
                "seconds_by_step": {name: round(took, 1) for name, took in show.seconds.items()},
            }
            whole = judge(plan, played, facts)
            return compose(whole, show.seconds[SELLING], time.monotonic() - began)

        return _conclude(asyncio.run(everything()), show)
    finally:
        _leave(stack, show, keep=keep)


def _refuse_a_stranger(stack: Stack) -> None:
    state = stack.state
    if state.exists() and any(state.iterdir()) and not (state / MARK).exists():
        raise DemoError(
            f"{state} was not made by the demo, which would remove it",
            "Name another folder with --state, or remove this one yourself",
        )


def _begin_afresh(stack: Stack) -> None:
    """Start a platform whose books are of this run alone."""
    stack.destroy()
    stack.state.mkdir(parents=True, exist_ok=True)
    (stack.state / MARK).touch()
    stack.up()


def _conclude(report: Json, show: Show) -> int:
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    show.console.print(table_of(report, REPORT))
    found = failures(report)
    for one in found:
        show.say(f"FAILED: {one}")
    for one in (*report["disagreements"], *report["differences"]):
        show.say(f"  {one}")
    if found:
        show.say("What to do: the books are left as they are; look at them as said below.")
        return 1
    show.say("Every basket is accounted for, and all books agree.")
    return 0


def _leave(stack: Stack, show: Show, *, keep: bool) -> None:
    if not stack.state.exists():
        return
    if keep and stack.is_up():
        show.say(f'It is still up. Stop it with: make down ARGS="--state {stack.state}"')
        return
    with show.step("Stopping the platform"):
        stack.down()
    show.say(f'Its books stay. Look at them with: make up ARGS="--state {stack.state}"')


def _first(error: BaseException) -> BaseException:
    """Return the error that ended everything."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    add = parser.add_argument
    add("--weeks", type=weeks, default=[2], help="2, 2-3 or 2,5 (of 1 to 53; default 2)")
    add("--stores", type=up_to(STORES_MAX), help="only so many stores, the busiest (default all)")
    add("--clients", type=up_to(CLIENTS_MAX), default=8, help="so many at once (default 8)")
    add("--state", type=Path, default=STATE, help=f"the folder of the stack (default {STATE})")
    add("--keep", action="store_true", help="leave the platform running")
    return parser


def weeks(text: str) -> list[int]:
    """Read `2`, `2-3` or `2,5`."""
    if not re.fullmatch(r"\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?)*", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text} is not like 2, 2-3 or 2,5")
    chosen: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        chosen.update(range(int(first), int(last or first) + 1))
    if not chosen or min(chosen) < FIRST_WEEK or max(chosen) > LAST_WEEK:
        raise argparse.ArgumentTypeError(f"weeks go from {FIRST_WEEK} to {LAST_WEEK}")
    return sorted(chosen)


def up_to(most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from 1."""

    def number(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {most}")
        return int(text)

    return number


if __name__ == "__main__":
    raise SystemExit(main())
