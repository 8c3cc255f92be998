"""Run one of the checks over the repository: `python -m checks shape|dependencies|migrations`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from checks.dependencies import check_dependencies
from checks.migrations import check_migrations
from checks.shape import check_shape

CHECKS: dict[str, Callable[[Path], Sequence[object]]] = {
    "shape": check_shape,
    "dependencies": check_dependencies,
    "migrations": check_migrations,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="checks", description=__doc__)
    parser.add_argument("check", choices=CHECKS)
    parser.add_argument("--root", type=Path, default=Path(), help="root of the repository")
    arguments = parser.parse_args()
    findings = CHECKS[arguments.check](arguments.root.resolve())
    for finding in findings:
        print(finding)
    print(f"{arguments.check}: {len(findings)} found" if findings else f"{arguments.check}: clean")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
