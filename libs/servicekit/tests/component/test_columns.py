"""Whole columns travel as text and arrive as they were."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Integer, LargeBinary, Numeric, Text, Uuid

from servicekit.columns import statement


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Text, ["plain", "", "a,b", "{curly}", "NULL", "茶", " spaced "]),
        (Text, ['say "tea"', "back\\slash", 'both \\"', "line\nbreak"]),
        (Text, ["one", None, 'quoted "two"']),
        (Text, [None, None]),
        (Integer, [1, -2, None]),
        (LargeBinary, [b"", b"\x00\xff", b'"\\']),
        (Uuid, [UUID(int=1), UUID(int=2**128 - 1), None]),
        (Text, []),
    ],
)
async def test_values_arrive_as_they_were(sample: Any, kind: Any, values: list[Any]) -> None:
    asked = statement("select value from unnest(:values) as given (value)", values=kind)
    async with sample.context.database.transaction() as session:
        assert list(await session.scalars(asked.columns(value=kind), {"values": values})) == values


async def test_quantities_keep_every_digit(sample: Any) -> None:
    asked = statement("select sum(value) from unnest(:values) as given (value)", values=Numeric)
    async with sample.context.database.transaction() as session:
        given = ["0.000001", "999999999999.999999"]
        assert str(await session.scalar(asked, {"values": given})) == "1000000000000.000000"
