"""A round that others disturbed is taken again, and what was thrown away stays on record."""

from argparse import Namespace
from collections.abc import Callable
from typing import Any

import pytest

from bench import rounds

Json = dict[str, Any]


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "wait_for_quiet", lambda _: 0.0)


def tries(*shares: tuple[float, float]) -> Callable[[], list[Json]]:
    """Return a round whose two legs are disturbed so much, try by try."""
    coming = iter(shares)
    return lambda: [
        {"how": how, "per_second": 1.0, "disturbed": share > 0.1, "others_share": share}
        for how, share in zip(("a", "b"), next(coming), strict=True)
    ]


@pytest.mark.usefixtures("no_wait")
def test_legs_that_belong_together_are_repeated_together() -> None:
    round_legs = tries((0.0, 0.5), (0.0, 0.0))
    taken = rounds.take(Namespace(repeats=2, patience=0), round_legs, round=1)
    assert [(leg["how"], leg["try"], leg["discarded"]) for leg in taken] == [
        ("a", 1, True),
        ("b", 1, True),
        ("a", 2, False),
        ("b", 2, False),
    ]
    assert [leg["try"] for leg in rounds.counted(taken)] == [2, 2]


@pytest.mark.usefixtures("no_wait")
def test_where_it_never_gets_quiet_the_least_disturbed_try_counts_and_stays_marked() -> None:
    round_legs = tries((0.2, 0.3), (0.0, 0.9), (0.4, 0.2))
    taken = rounds.take(Namespace(repeats=2, patience=0), round_legs, round=1)
    assert [leg["discarded"] for leg in taken] == [False, False, True, True, True, True]
    assert all(leg["disturbed"] for leg in rounds.counted(taken))
