"""Where a page begins is what its list is ordered by, or the cursor is not one of that list."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter

from servicekit.http.pages import BadCursor, LineNo, Paging

LINE = TypeAdapter(tuple[UUID, LineNo])


def test_a_list_begins_at_its_start_without_a_cursor() -> None:
    assert Paging(10, None).after_as(LINE) is None


def test_a_position_comes_back_as_what_it_was_made_of() -> None:
    document_id = uuid4()
    assert Paging(10, [str(document_id), "7"]).after_as(LINE) == (document_id, 7)


@pytest.mark.parametrize(
    "position",
    [[], ["x"], [str(uuid4())], ["x", "1"], [str(uuid4()), "1", "2"]]
    + [[str(uuid4()), number] for number in ("", "x", "-1", "1.5", str(2**31), "9" * 30)],
)
def test_what_no_column_could_hold_is_refused_before_the_database_sees_it(
    position: Any,
) -> None:
    with pytest.raises(BadCursor):
        Paging(10, position).after_as(LINE)
