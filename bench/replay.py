"""`replay`: the demo's week, of which the figures are kept beside those of the other benchmarks."""

import json
import signal
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from bench import report
from bench.meter import Meter

Json = dict[str, Any]
REPORT = Path("var/demo/report.json")
TAKEN = ("broker", "orders", "rates", "latency_ms", "memory_mb", "drift", "seconds")
SETTINGS = ("weeks", "clients", "lines", "pairs")


def run(options: Namespace) -> int:
    """Run the demo with the options it is given, and take over what it reports of speed."""
    REPORT.unlink(missing_ok=True)
    with Meter({}) as meter:
        code = demo(options.passed_on)
    if not REPORT.exists():
        print("bench: the demo left no report", file=sys.stderr)
        return code or 1
    told: Json = json.loads(REPORT.read_text(encoding="utf-8"))
    figures = {name: told[name] for name in TAKEN if name in told}
    settings = {name: told[name] for name in SETTINGS if name in told}
    settings["options"] = options.passed_on
    # The demo's processes are its supervisor's children, so others can't be told from its own.
    run_of = {"load_before": meter.told()["load_before"], "exit_code": code}
    document = report.compose("replay", settings, figures, [run_of])
    place = report.write(document)
    show(figures)
    print(f"written to {place}")
    return code


def demo(arguments: list[str]) -> int:
    """Run the demo to its end; interrupted, it takes its own platform down."""
    # In a session of its own, so that Ctrl-C reaches it once: from here.
    process = subprocess.Popen([sys.executable, "-m", "demo", *arguments], start_new_session=True)
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait()


def show(figures: Json) -> None:
    """Print the tables."""
    rates, latency = figures["rates"], figures["latency_ms"]
    rows = [
        ("orders/s", rates["orders_per_s"]),
        ("lines/s", rates["lines_per_s"]),
        *((name.replace("_", " ") + " ms", value) for name, value in latency.items()),
    ]
    report.show("replay", ("", "figure"), rows)
    report.show("memory at peak", ("process", "MB"), list(figures["memory_mb"].items()))
