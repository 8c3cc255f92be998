"""What a scan means: which goods, how much of them, or which document or door."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from inventory.catalog.domain import Item, Tracking, Units, plain
from inventory.catalog.domain.weights import KILOGRAM, Weight, converted, weight_unit
from inventory.devices.domain import Device, must_be_scale
from inventory.scanning.domain.gs1 import BadCheckDigit, Label
from inventory.scanning.domain.reading import Plain, Reading, TraceCode, read, spellings_of
from inventory.scanning.domain.refusals import (
    BatchUnusable,
    CodeContradicted,
    NothingCounted,
    OnlyLogisticUnit,
    UnknownCode,
)
from inventory.scanning.domain.scans import GivenScan
from inventory.scanning.domain.works import Goods

KEPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a batch or a serial number may be written with."""
ONE = Decimal(1)
ANY_DAY = date(2000, 1, 1)
"""For codes of which only the item matters."""


@dataclass(frozen=True)
class Barcode:
    """What a code stands for: one unit of an item."""

    code: str
    item_id: str
    unit: str


@dataclass(frozen=True)
class Unit:
    """A unit with a number of its own that is known."""

    item_id: str
    serial: str
    batch_id: str


@dataclass(frozen=True)
class Directory:
    """All that the codes of an upload may stand for."""

    site_id: str
    barcodes: Mapping[str, Barcode] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    item_of_gtin: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Units] = field(default_factory=dict)
    serials: Mapping[str, Unit] = field(default_factory=dict)
    """By serial number or trace code, those that stand for one unit only."""
    scales: Mapping[str, Device] = field(default_factory=dict)

    def goods(self, reading: Reading, given: GivenScan) -> Goods:
        """Return the goods a scan is of, or raise what keeps it from being understood."""
        unit = None if isinstance(reading, Label) else self.serials.get(text_of(reading))
        label = _label_of(reading, unit)
        barcode = self._barcode(reading, given.code, unit)
        item = self.items[barcode.item_id]
        batch_id = _agreed("batch_id", label.batch_id, given.batch_id, item.tracking)
        serial = _agreed("serial", label.serial, given.serial, item.tracking)
        quantity, name = self._quantity(barcode, label, given)
        if quantity <= 0:
            raise NothingCounted(item_id=item.item_id, quantity=plain(quantity))
        base = self.units[item.item_id].to_base(name, quantity)
        item.must_be_stocked()
        item.must_be_named(batch_id, (serial,) if serial else (), base.quantity)
        dates = (label.manufactured_on, label.expires_on) if batch_id else (None, None)
        return Goods(item.item_id, quantity, name, batch_id, serial or None, *dates)

    def _barcode(self, reading: Reading, code: str, unit: Unit | None) -> Barcode:
        for name in codes_of(reading):
            if known := self.barcodes.get(name):
                return known
        for name in names_of(reading):
            if item := self.items.get(self.item_of_gtin.get(name, name)):
                return Barcode(name, item.item_id, item.base_unit)
        if unit is not None:
            return Barcode(unit.serial, unit.item_id, self.items[unit.item_id].base_unit)
        if isinstance(reading, Label) and reading.sscc and not reading.gtin:
            raise OnlyLogisticUnit(sscc=reading.sscc)
        if isinstance(reading, Plain) and reading.misread:
            raise BadCheckDigit(digits=reading.text)
        raise UnknownCode(scanned=code)

    def _quantity(self, barcode: Barcode, label: Label, given: GivenScan) -> tuple[Decimal, str]:
        """Weighed, typed, printed, or one: whichever is said first."""
        if given.weight is not None:
            return self._weighed(barcode.item_id, given.weight)
        if given.quantity is not None:
            return given.quantity, given.unit or barcode.unit
        if label.net_kilograms is not None:
            return self._mass(barcode.item_id, label.net_kilograms, KILOGRAM)
        count = ONE if label.count is None else label.count
        return count, given.unit or barcode.unit

    def _weighed(self, item_id: str, weight: Weight) -> tuple[Decimal, str]:
        weight.must_be_sound()
        must_be_scale(self.scales, self.site_id, weight.scale_id)
        return self._mass(item_id, weight.net, weight.unit)

    def _mass(self, item_id: str, net: Decimal, unit: str) -> tuple[Decimal, str]:
        units = self.units[item_id]
        wanted = weight_unit(item_id, [units.base_unit, *sorted(units.conversions)])
        return converted(net, unit, wanted), wanted


def codes_of(reading: Reading) -> list[str]:
    """Return what codes that were given to items may be kept under."""
    match reading:
        case Label(gtin=str(gtin)):
            return [gtin]
        case TraceCode(product=product):
            return [product]
        case Plain(text=text):
            return [text]
    return []


def kept_code(code: str) -> str:
    """Return what a code that is given to an item is kept under; raise if it can't be."""
    reading = read(code, ANY_DAY)
    if isinstance(reading, Plain) and reading.misread:
        raise BadCheckDigit(digits=reading.text)
    for kept in codes_of(reading):
        return kept
    raise UnknownCode(scanned=code)


def names_of(reading: Reading) -> list[str]:
    """Return how the item itself may be called, or its GTIN be written."""
    match reading:
        case Label(gtin=str(gtin)):
            return spellings_of(gtin)
        case Plain(text=text):
            return [text]
    return []


def text_of(reading: Reading) -> str:
    """Return what may be the code of one single unit; empty for a label, which says its number."""
    match reading:
        case Plain(text=text):
            return text
        case TraceCode(whole=whole):
            return whole
    return ""


def _label_of(reading: Reading, unit: Unit | None) -> Label:
    if unit is not None:
        return Label(batch_id=unit.batch_id or None, serial=unit.serial)
    match reading:
        case Label():
            return reading
        case TraceCode(whole=whole):
            return Label(serial=whole)
    return Label()


def _agreed(figure: str, said: str | None, given: str | None, tracking: Tracking) -> str:
    """Return what code and caller agree on; what only a label says of other items is dropped."""
    if said and given and said != given:
        raise CodeContradicted(figure=figure, said=said, given=given)
    used = tracking is Tracking.SERIAL or (figure == "batch_id" and tracking is Tracking.BATCH)
    value = given or (said if used else None) or ""
    if value and not KEPT.fullmatch(value):
        raise BatchUnusable(figure=figure, given=value)
    return value
