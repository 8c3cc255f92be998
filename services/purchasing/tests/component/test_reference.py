"""Purchasing knows items, sites and warehouses from inventory's facts alone."""

from uuid import uuid4

from contracts.inventory import ItemDefined, SiteDefined, WarehouseDefined
from servicekit.testing import ServiceUnderTest


def tea(name: str = "Tea") -> ItemDefined:
    return ItemDefined(item_id="tea", name=name, base_unit="box", scale=0, category="Drinks")


async def read(service: ServiceUnderTest, path: str) -> tuple[int, dict[str, object]]:
    answer = await service.api.get(path, headers=service.headers(["clerk"]))
    return answer.status_code, answer.json()


async def test_the_newest_description_of_an_item_counts(purchasing: ServiceUnderTest) -> None:
    await purchasing.deliver([tea("Old"), tea("Older"), tea("Tea")])
    assert await read(purchasing, "/reference/items/tea") == (
        200,
        {
            "item_id": "tea",
            "name": "Tea",
            "base_unit": "box",
            "scale": 0,
            "category": "Drinks",
            "tracking": "none",
            "disabled": False,
            "shelf_life_days": None,
            "kit": False,
            "for_sale": True,
        },
    )
    await purchasing.deliver(tea("Green tea"))
    assert (await read(purchasing, "/reference/items/tea"))[1]["name"] == "Green tea"


async def test_an_old_description_sent_again_changes_nothing(purchasing: ServiceUnderTest) -> None:
    """B8, E2: what was applied once is not applied again, though newer facts came since."""
    first = uuid4()
    await purchasing.deliver([tea("Old")], ids=[first])
    await purchasing.deliver(tea("New"))
    await purchasing.deliver([tea("Old")], ids=[first])
    assert (await read(purchasing, "/reference/items/tea"))[1]["name"] == "New"


async def test_copies_are_counted(purchasing: ServiceUnderTest) -> None:
    sites = [SiteDefined(site_id=name, name=name, time_zone="UTC") for name in ("a", "b")]
    stores = [WarehouseDefined(site_id="a", warehouse_id=name, name=name) for name in "xyz"]
    await purchasing.deliver([tea(), *sites, *stores])
    counts = {"items": 1, "sites": 2, "warehouses": 3}
    assert await read(purchasing, "/reference/counts") == (200, counts)


async def test_an_unknown_item_is_not_found(purchasing: ServiceUnderTest) -> None:
    status, body = await read(purchasing, "/reference/items/tea")
    assert (status, body["code"], body["item_id"]) == (404, "unknown_item", "tea")
