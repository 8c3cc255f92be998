"""Each rule is seen to find what it is there to find, and to leave alone what it should."""

from pathlib import Path, PurePosixPath

import pytest

from checks import shape
from checks.shape import check_shape
from checks.source import Source, read_sources

USE_CASE = "services/inventory/src/inventory/stock/use_cases/reserve_stock.py"
DOMAIN = "services/inventory/src/inventory/stock/domain.py"
DOMAIN_FOLDER = "services/inventory/src/inventory/stock/domain/ledger.py"
ROUTES = "services/inventory/src/inventory/stock/routes.py"
KIT = "libs/servicekit/src/servicekit/outbox.py"
PROMISE = "TO" + "DO"


def plant(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def function(lines: int) -> str:
    return "def work():\n" + "    x = 1\n" * (lines - 1)


VIOLATIONS = {
    "a function of 41 lines": (USE_CASE, function(41), "work has 41 lines"),
    "a long coroutine": (ROUTES, "async " + function(50), "work has 50 lines"),
    "a domain file of 201 lines": (DOMAIN, "x = 1\n" * 201, "201 lines"),
    "a file of 201 lines in a domain folder": (DOMAIN_FOLDER, "x = 1\n" * 201, "201 lines"),
    "a use case of 201 lines": (USE_CASE, "x = 1\n" * 201, "201 lines"),
    "a float annotation in a domain": (DOMAIN, "price: float\n", "no float"),
    "a float call in a domain": (DOMAIN, "price = float('1')\n", "no float"),
    "a float literal in a domain folder": (DOMAIN_FOLDER, "rate = 0.5\n", "no float"),
    "a commit in a use case": (USE_CASE, "session.commit()\n", ".commit()"),
    "an awaited commit": (
        ROUTES,
        "async def f(s):\n    await s.commit()\n",
        ".commit()",
    ),
    "a publish in a tool": (
        "tools/demo/src/demo/play.py",
        "broker.publish(1)\n",
        ".publish()",
    ),
    "a framework in the kit's errors": (
        "libs/servicekit/src/servicekit/errors.py",
        "from enum import Enum\nimport fastapi\n",
        "imports fastapi",
    ),
    "another module of the kit in its errors": (
        "libs/servicekit/src/servicekit/errors.py",
        "from servicekit.clock import now\n",
        "imports servicekit.clock",
    ),
    "a promise in Python": (ROUTES, f"x = 1  # {PROMISE} later\n", PROMISE),
    "a promise in a document": ("docs/plan.md", f"{PROMISE}: write this\n", PROMISE),
    "a promise in the Makefile": ("Makefile", "# FIX" + "ME\n", "FIX" + "ME"),
}


@pytest.mark.parametrize(("path", "text", "expected"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_planted_violation_is_found(tmp_path: Path, path: str, text: str, expected: str) -> None:
    plant(tmp_path, path, text)
    findings = check_shape(tmp_path)
    assert [finding.path for finding in findings] == [PurePosixPath(path)]
    assert expected in findings[0].text


ALLOWED = {
    "a function of 40 lines": (USE_CASE, function(40)),
    "a domain of 200 lines": (DOMAIN, "x = 1\n" * 200),
    "routes of 201 lines": (ROUTES, "x = 1\n" * 201),
    "a float outside a domain": (ROUTES, "timeout_seconds = 0.5\n"),
    "a whole number in a domain": (DOMAIN, "scale = 2\n"),
    "a commit in the kit": (KIT, "session.commit()\n"),
    "a publish in the kit": (KIT, "redis.publish('wake')\n"),
    "a commit in a test": ("services/inventory/tests/component/test_x.py", "s.commit()\n"),
    "a long migration": (
        "services/inventory/migrations/versions/v0001_start.py",
        function(90),
    ),
    "what tools leave behind": (
        ".venv/lib/python3.11/site-packages/x.py",
        f"# {PROMISE}\n",
    ),
}


@pytest.mark.parametrize(("path", "text"), ALLOWED.values(), ids=ALLOWED)
def test_what_is_allowed_passes(tmp_path: Path, path: str, text: str) -> None:
    plant(tmp_path, path, text)
    assert check_shape(tmp_path) == []


def test_a_kit_beyond_its_size_is_found(tmp_path: Path) -> None:
    plant(tmp_path, KIT, "x = 1\n" * shape.KIT_CODE_LINES_MAX)
    assert check_shape(tmp_path) == []
    plant(tmp_path, "libs/servicekit/src/servicekit/more.py", "x = 1\n")
    (finding,) = check_shape(tmp_path)
    assert finding.path == PurePosixPath(KIT)
    assert f"{shape.KIT_CODE_LINES_MAX + 1} lines of code" in finding.text


def test_blank_lines_comments_and_docstrings_are_no_code() -> None:
    text = (
        '"""A module."""\n\n# why\nimport os\n\n\n'
        'def work():\n    """Work.\n\n    Long.\n    """\n    return """two\nlines"""\n'
    )
    assert Source(PurePosixPath("x.py"), text).code_lines() == 4


def test_the_repository_is_read_whole() -> None:
    root = Path(__file__).parents[3]
    paths = {source.path for source in read_sources(root)}
    assert PurePosixPath("tools/checks/tests/test_shape.py") in paths
    assert not any(".venv" in path.parts for path in paths)
