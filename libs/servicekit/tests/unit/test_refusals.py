"""Refusals carry their reason in two languages, and their facts."""

import pytest

from servicekit.errors import Kind, Refusal
from servicekit.http.problems import STATUS


class Short(Refusal):
    """Too little of something."""

    code = "short"
    en = "{item} is short by {by}."
    zh = "{item} 缺少 {by}。"


def test_a_refusal_speaks_the_callers_language() -> None:
    refusal = Short(item="milk", by="2")
    assert refusal.text("en-GB") == str(refusal) == "milk is short by 2."
    assert refusal.text("zh-CN") == "milk 缺少 2。"


def test_a_refusal_keeps_its_facts() -> None:
    assert Short(item="milk", by="2").facts == {"item": "milk", "by": "2"}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_status(kind: Kind) -> None:
    assert 400 <= STATUS[kind] < 600
