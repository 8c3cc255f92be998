"""A round that others disturbed is taken again, and what was thrown away stays on record."""

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import pytest

from bench import rounds

Json = dict[str, Any]


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "wait_for_quiet", lambda _: 0.0)


def legs(disturbances: Iterator[bool]) -> list[Json]:
    return [
        {"how": how, "per_second": 1.0, "disturbed": next(disturbances), "others_share": 0.5}
        for how in ("a", "b")
    ]


@pytest.mark.usefixtures("no_wait")
def test_legs_that_belong_together_are_repeated_together() -> None:
    disturbances = iter([False, True, False, False])
    taken = rounds.take(Namespace(repeats=2, patience=0), lambda: legs(disturbances), round=1)
    assert [(leg["how"], leg["discarded"]) for leg in taken] == [
        ("a", True),
        ("b", True),
        ("a", False),
        ("b", False),
    ]
    assert [leg["how"] for leg in rounds.counted(taken)] == ["a", "b"]


@pytest.mark.usefixtures("no_wait")
def test_where_it_never_gets_quiet_the_last_try_counts_and_stays_marked() -> None:
    disturbances = iter([True] * 4)
    taken = rounds.take(Namespace(repeats=1, patience=0), lambda: legs(disturbances), round=1)
    assert [leg["discarded"] for leg in taken] == [True, True, False, False]
    assert all(leg["disturbed"] for leg in rounds.counted(taken))
