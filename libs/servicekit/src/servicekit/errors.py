"""Why something was refused, in words a caller can act on.

Imports nothing but the standard library, so that domains may use it.
"""

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What a refusal means: the edge maps it to a status, the bus to retrying or parking."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    RULE = "rule"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


class Refusal(Exception):
    """A command that can't be carried out. Subclasses name the reason.

    `code` is stable and part of the API; `en` and `zh` are templates filled with the facts given,
    which also travel to the caller as members of the problem document.
    """

    kind: ClassVar[Kind] = Kind.RULE
    code: ClassVar[str] = "refused"
    en: ClassVar[str] = "The request was refused."
    zh: ClassVar[str] = "请求被拒绝。"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """Return the reason in Chinese for languages that start with `zh`, else in English."""
        template = self.zh if language.startswith("zh") else self.en
        return template.format(**self.facts)
