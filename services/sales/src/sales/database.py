"""The metadata all tables of sales are in, and how documents are mapped to them."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Numeric, Text
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator

from servicekit.tables import new_metadata

metadata = new_metadata()
mapper = registry(metadata=metadata)

Quantity = Numeric(18, 6)
"""Up to a trillion of a unit, to the millionth."""
Money = Numeric(14, 2)
"""Amounts of money, to the cent."""


class Choice(TypeDecorator[StrEnum]):
    """A named choice, kept as text: a new one needs no change of type."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, _: Any) -> str | None:
        """Return the text to store."""
        return None if value is None else value.value

    def process_result_value(self, value: str | None, _: Any) -> StrEnum | None:
        """Return the choice stored."""
        return None if value is None else self.kind(value)
