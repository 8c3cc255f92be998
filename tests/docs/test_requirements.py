"""The table of requirements says nothing that a test does not stand behind."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([A-I]\d) \| (works|partly|not yet) \| ?(\S*) \| ?(.*?) ?\|$")


def rows() -> list[tuple[str, ...]]:
    lines = (ROOT / "docs/requirements.md").read_text().splitlines()
    return [found.groups() for line in lines if (found := ROW.match(line))]


def test_every_row_of_the_requirements_has_its_line() -> None:
    groups = {"A": 9, "B": 8, "C": 7, "D": 7, "E": 7, "F": 5, "G": 4, "H": 7, "I": 3}
    wanted = [f"{letter}{n}" for letter, count in groups.items() for n in range(1, count + 1)]
    assert [row[0] for row in rows()] == wanted


def test_what_works_is_named_by_the_test_that_shows_it() -> None:
    for name, state, path, _ in rows():
        if state == "not yet" or name == "H7":
            assert path == "", name
        else:
            assert re.search(rf"\b{name}\b", (ROOT / path).read_text()), f"{path} names no {name}"


def test_what_does_not_work_in_full_says_what_is_missing() -> None:
    assert all(
        (state == "works") == (missing == "") or name == "H7" for name, state, _, missing in rows()
    )
