"""`python -m bench <name>`: run one benchmark and write `var/bench/<name>.json`."""

import argparse
import signal
import sys
from collections.abc import Callable
from types import FrameType

from bench import (
    baskets,
    costing,
    ledger,
    pipeline,
    receiving,
    recognition,
    relay,
    replay,
    reserve,
    reserve_steady,
)
from devstack.errors import StackError

BENCHMARKS: dict[str, Callable[[argparse.Namespace], int]] = {
    "reserve": reserve.run,
    "reserve-steady": reserve_steady.run,
    "relay": relay.run,
    "costing": costing.run,
    "ledger": ledger.run,
    "pipeline": pipeline.run,
    "recognition": recognition.run,
    "replay": replay.run,
    "baskets": baskets.run,
    "receiving": receiving.run,
}


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line names; whatever ends it, nothing is left running."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return BENCHMARKS[options.name](options)
    except (StackError, TimeoutError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nbench: interrupted", file=sys.stderr)
        return 130


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line; the options of `replay` are the demo's."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True, metavar="name")
    for name in BENCHMARKS:
        if name == "replay":
            names.add_parser(name, add_help=False, help="options are passed on to the demo")
        else:
            add_options(names.add_parser(name))
    options, rest = parser.parse_known_args(arguments)
    if rest and options.name != "replay":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.passed_on = rest
    return options


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what makes a short trial of a benchmark, or a long one."""
    add = parser.add_argument
    add("--seconds", type=positive, default=10, help="length of a leg (default 10)")
    add("--rounds", type=positive, default=3, help="how often all is repeated (default 3)")
    add("--clients", type=positive, default=256, help="clients over HTTP (default 256)")
    add("--steady", type=positive, default=300, help="seconds at a fixed rate (default 300)")
    add("--share", type=positive, default=60, help="percent of the peak rate (default 60)")
    add("--events", type=positive, default=50_000, help="how many events (default 50000)")
    add("--keys", type=positive, default=5_000, help="of how many keys (default 5000)")
    add("--entries", type=positive, default=10_000_000, help="of the ledger (default 10000000)")
    add("--documents", type=positive, default=10, help="of each form (default 10)")
    add("--baskets", type=positive, default=600, help="of a leg (default 600)")
    add("--receipts", type=positive, default=600, help="of a leg at the peak (default 600)")
    add("--repeats", type=int, default=2, help="tries more for a disturbed round (default 2)")
    add("--patience", type=int, default=60, help="seconds to wait for quiet (default 60)")


def positive(text: str) -> int:
    """Read a whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1")
    return int(text)


def _interrupt(_: int, __: FrameType | None) -> None:
    """Let being told to stop take the same way as Ctrl-C: through every `finally`."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
