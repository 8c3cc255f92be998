"""Sales knows items, sites and warehouses from inventory's facts alone."""

from uuid import uuid4

from contracts.inventory import ItemDefined, SiteDefined, WarehouseDefined
from servicekit.testing import ServiceUnderTest


def tea(name: str = "Tea") -> ItemDefined:
    return ItemDefined(item_id="tea", name=name, base_unit="box", scale=0, category="Drinks")


async def read(service: ServiceUnderTest, path: str) -> tuple[int, dict[str, object]]:
    answer = await service.api.get(path, headers=service.headers(["clerk"]))
    return answer.status_code, answer.json()


async def test_the_newest_description_of_an_item_counts(sales: ServiceUnderTest) -> None:
    await sales.deliver([tea("Old"), tea("Older"), tea("Tea")])
    assert await read(sales, "/reference/items/tea") == (
        200,
        {
            "item_id": "tea",
            "name": "Tea",
            "base_unit": "box",
            "scale": 0,
            "category": "Drinks",
            "for_sale": True,
            "disabled": False,
        },
    )
    await sales.deliver(tea("Green tea"))
    assert (await read(sales, "/reference/items/tea"))[1]["name"] == "Green tea"


async def test_an_old_description_sent_again_changes_nothing(sales: ServiceUnderTest) -> None:
    """B8, E2: what was applied once is not applied again, though newer facts came since."""
    first = uuid4()
    await sales.deliver([tea("Old")], ids=[first])
    await sales.deliver(tea("New"))
    await sales.deliver([tea("Old")], ids=[first])
    assert (await read(sales, "/reference/items/tea"))[1]["name"] == "New"


async def test_copies_are_counted(sales: ServiceUnderTest) -> None:
    sites = [SiteDefined(site_id=name, name=name, time_zone="UTC") for name in ("a", "b")]
    stores = [WarehouseDefined(site_id="a", warehouse_id=name, name=name) for name in "xyz"]
    await sales.deliver([tea(), *sites, *stores])
    counts = {"items": 1, "sites": 2, "warehouses": 3}
    assert await read(sales, "/reference/counts") == (200, counts)


async def test_an_unknown_item_is_not_found(sales: ServiceUnderTest) -> None:
    status, body = await read(sales, "/reference/items/tea")
    assert (status, body["code"], body["item_id"]) == (404, "unknown_item", "tea")
