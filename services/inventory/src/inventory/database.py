"""The tables of inventory, and the mapping of its documents onto them."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator
from sqlalchemy.orm import registry

from servicekit.tables import new_metadata

metadata = new_metadata()
mapping = registry(metadata=metadata)


class Word(TypeDecorator[Any]):
    """An enumeration kept as text: a new word needs no migration of the type."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, _: Dialect) -> str | None:
        """Write the word."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, _: Dialect) -> StrEnum | None:
        """Read the word."""
        return None if value is None else self.kind(value)
