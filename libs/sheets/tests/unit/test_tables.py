"""What a table keeps fits into the cells of its file, whatever the type of the column."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
)

from sheets.tables import TableFile

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def file(*columns: Column[object]) -> TableFile:
    return TableFile("things", Table("thing", MetaData(), *columns))


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (timedelta(minutes=10), "PT10M"),
        (timedelta(hours=48), "P2D"),
        (timedelta(0), "PT0S"),
        (None, None),
    ],
)
def test_a_span_of_time_is_written_as_a_duration_and_not_as_a_moment(
    kept: timedelta | None, shown: str | None
) -> None:
    row = file(Column("target", Interval)).row
    assert row.model_validate(SimpleNamespace(target=kept)).model_dump() == {"target": shown}


def test_moments_numbers_and_texts_stay_what_they_are() -> None:
    row = file(
        Column("at", DateTime(timezone=True), nullable=False),
        Column("count", Integer, nullable=False),
        Column("quantity", Numeric(18, 6), nullable=False),
        Column("name", Text),
    ).row
    kept = {"at": NOON, "count": 7, "quantity": Decimal("1.5"), "name": None}
    shown = row.model_validate(SimpleNamespace(**kept)).model_dump()
    assert shown == kept | {"quantity": "1.5"}


def test_a_column_that_fits_into_no_cell_is_found_when_the_service_starts() -> None:
    with pytest.raises(TypeError, match=r"thing\.photo fits into no cell"):
        file(Column("photo", LargeBinary)).row  # noqa: B018 - it is made when it is asked for
