"""What names an invoice among all of the country, and of which kind it is."""

import re
from enum import StrEnum

from purchasing.invoices.domain.booking_refusals import (
    InvoiceKindContradicted,
    InvoiceNumberMalformed,
)

DIGITAL_NUMBER = re.compile(r"[0-9]{20}")
OLDER_NUMBER = re.compile(r"[0-9]{8}")
OLDER_CODE = re.compile(r"[0-9]{10}|[0-9]{12}")


class InvoiceKind(StrEnum):
    """Which form of the tax bureau it is."""

    DIGITAL_SPECIAL = "digital_special"
    DIGITAL_ORDINARY = "digital_ordinary"
    SPECIAL = "special"
    ORDINARY = "ordinary"

    @property
    def is_digital(self) -> bool:
        """Whether its invoices have a number of twenty digits (数电票)."""
        return self in {InvoiceKind.DIGITAL_SPECIAL, InvoiceKind.DIGITAL_ORDINARY}

    def in_form_of(self, number: str) -> "InvoiceKind":
        """Return the kind as it is called where the invoice has that number."""
        digital = DIGITAL_NUMBER.fullmatch(number) is not None
        return next(
            kind
            for kind in InvoiceKind
            if kind.is_digital is digital and kind.is_special is self.is_special
        )

    @property
    def is_special(self) -> bool:
        """Whether the tax on it may be deducted (专用发票)."""
        return self in {InvoiceKind.DIGITAL_SPECIAL, InvoiceKind.SPECIAL}


def is_digital(code: str, number: str) -> bool:
    """Say whether the number is that of a fully digital invoice; raise if it is none's at all."""
    if not code and DIGITAL_NUMBER.fullmatch(number):
        return True
    if OLDER_CODE.fullmatch(code) and OLDER_NUMBER.fullmatch(number):
        return False
    raise InvoiceNumberMalformed(invoice_code=code, number=number)


def identity_of(code: str, number: str) -> str:
    """Return what no other invoice has, whoever issued it."""
    return number if is_digital(code, number) else f"{code} {number}"


def kinds_of(code: str, number: str, *, special: bool | None = None) -> list[InvoiceKind]:
    """Return the kinds that the number, and the title where it was seen, leave possible."""
    digital = is_digital(code, number)
    return [
        kind
        for kind in InvoiceKind
        if kind.is_digital is digital and special in {None, kind.is_special}
    ]


def must_be_of_kind(
    kind: InvoiceKind, code: str, number: str, *, special: bool | None = None
) -> InvoiceKind:
    """Return the kind; raise if number or title are those of others."""
    possible = kinds_of(code, number, special=special)
    if kind not in possible:
        raise InvoiceKindContradicted(
            invoice_kind=kind.value,
            said=f"{code} {number}".strip(),
            possible=" or ".join(possible),
        )
    return kind
