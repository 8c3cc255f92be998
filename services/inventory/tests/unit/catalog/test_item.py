"""What an item is counted in."""

from decimal import Decimal

import pytest

from inventory.catalog.domain import (
    BatchMissing,
    GtinInvalid,
    Item,
    ItemDisabled,
    ItemInUse,
    ItemNotForSale,
    QuantityTooPrecise,
    SerialScale,
    SerialsMissing,
    Site,
    Tracking,
    TrackingUnused,
    UnknownTimeZone,
    Warehouse,
    inspection_rule,
    plain,
)


def tea(scale: int = 2, **changes: object) -> Item:
    described: dict[str, object] = {
        "item_id": "tea",
        "name": "Tea",
        "base_unit": "box",
        "scale": scale,
        **changes,
    }
    return Item(**described)  # type: ignore[arg-type]


def test_an_item_in_use_keeps_its_unit_and_scale() -> None:
    item = tea(in_use=True)
    with pytest.raises(ItemInUse):
        item.revise(tea(base_unit="bag"))
    with pytest.raises(ItemInUse):
        item.revise(tea(scale=3))
    assert (item.base_unit, item.scale) == ("box", 2)


def test_an_item_in_use_can_be_renamed_and_moved_to_another_category() -> None:
    item = tea(in_use=True)
    assert item.revise(tea(name="Green tea", category="drinks"))
    assert (item.name, item.category, item.in_use) == ("Green tea", "drinks", True)


def test_the_same_description_changes_nothing() -> None:
    assert not tea().revise(tea())


def test_a_quantity_must_fit_the_scale_whatever_its_trailing_zeros() -> None:
    """B6."""
    tea(2).must_hold(Decimal("1.25"))
    tea(2).must_hold(Decimal("1.250000"))
    tea(0).must_hold(Decimal(3))
    with pytest.raises(QuantityTooPrecise):
        tea(2).must_hold(Decimal("1.255"))


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "Asia"])
def test_a_time_zone_must_exist(name: str) -> None:
    with pytest.raises(UnknownTimeZone):
        Site("north", "North", name)


@pytest.mark.parametrize(
    ("given", "written"), [("1.500000", "1.5"), ("10", "10"), ("1E+3", "1000"), ("0.000000", "0")]
)
def test_quantities_are_written_as_people_do(given: str, written: str) -> None:
    assert plain(Decimal(given)) == written


def test_an_item_in_use_keeps_how_it_is_tracked() -> None:
    """B5."""
    item = tea(in_use=True)
    with pytest.raises(ItemInUse):
        item.revise(tea(tracking=Tracking.BATCH))
    assert item.tracking is Tracking.NONE


def test_an_import_neither_disables_nor_enables() -> None:
    """I1."""
    item = tea(disabled=True)
    assert not item.revise(tea())
    assert item.disabled


def test_what_may_be_sold_is_enabled_and_for_sale() -> None:
    tea().must_be_sellable()
    with pytest.raises(ItemDisabled):
        tea(disabled=True).must_be_sellable()
    with pytest.raises(ItemNotForSale):
        tea(for_sale=False).must_be_sellable()
    tea(for_sale=False).must_be_orderable()


def test_goods_are_named_as_far_as_their_item_is_tracked_and_no_further() -> None:
    """B5."""
    two = Decimal(2)
    tea().must_be_named("", (), two)
    tea(tracking=Tracking.BATCH).must_be_named("L1", (), two)
    tea(0, tracking=Tracking.SERIAL).must_be_named("", ("S1", "S2"), two)
    with pytest.raises(BatchMissing):
        tea(tracking=Tracking.BATCH).must_be_named("", (), two)
    with pytest.raises(SerialsMissing):
        tea(0, tracking=Tracking.SERIAL).must_be_named("", ("S1", "S1"), two)
    for batch_id, serials in (("L1", ()), ("", ("S1", "S2"))):
        with pytest.raises(TrackingUnused):
            tea().must_be_named(batch_id, serials, two)


def test_units_with_a_number_of_their_own_are_whole() -> None:
    with pytest.raises(SerialScale):
        tea(2, tracking=Tracking.SERIAL)


@pytest.mark.parametrize("gtin", ["4006381333931", "96385074", "036000291452", "00012345600012"])
def test_a_gtin_checks_out(gtin: str) -> None:
    """H4."""
    assert tea(gtin=gtin).gtin == gtin
    wrong = gtin[:-1] + str((int(gtin[-1]) + 1) % 10)
    for given in (wrong, gtin * 2, "x" * 13):
        with pytest.raises(GtinInvalid):
            tea(gtin=given)


def test_goods_are_inspected_where_their_item_or_the_warehouse_asks_for_it() -> None:
    """A5."""
    door, strict = (
        Warehouse("s", "floor", "Floor"),
        Warehouse("s", "lab", "Lab", inspect_on_receipt=True),
    )
    assert inspection_rule(tea(), door) is None
    assert inspection_rule(tea(), strict) == "inspect_on_receipt:warehouse:lab"
    assert inspection_rule(tea(inspect_on_receipt=True), door) == "inspect_on_receipt:item:tea"
