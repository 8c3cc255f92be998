"""Creates what everything else refers to: sites, items, a supplier and a customer."""

from collections.abc import Collection, Sequence
from functools import partial

from demo.client import Api, Json
from demo.data import Product
from demo.errors import DemoError
from demo.progress import Step
from demo.waiting import in_parallel, wait_for

WAREHOUSE = "floor"
TIME_ZONE = "America/New_York"
UNIT = "EA"
SUPPLIER = "wholesale"
CUSTOMER = "walk-in"
IMPORT_LINES = 1_000
AT_ONCE = 4
COPIES_SECONDS = 180.0
COPYING = ("purchasing", "sales")


async def create_masters(
    api: Api, run: str, site_ids: Collection[str], products: Sequence[Product], step: Step
) -> None:
    """Create everything; `step` counts sites and items."""
    parts = [products[i : i + IMPORT_LINES] for i in range(0, len(products), IMPORT_LINES)]
    await in_parallel(
        [
            *(partial(_import_items, api, run, part, step) for part in parts),
            *(partial(_create_site, api, run, site_id, step) for site_id in sorted(site_ids)),
        ],
        AT_ONCE,
    )
    supplier = {"supplier_id": SUPPLIER, "name": "Wholesale"}
    await api.must("purchasing", "/suppliers", f"{run}-supplier", supplier)
    customer = {"customer_id": CUSTOMER, "name": "Walk-in"}
    await api.must("sales", "/customers", f"{run}-customer", customer)


async def _create_site(api: Api, run: str, site_id: str, step: Step) -> None:
    site = {"site_id": site_id, "name": f"Store {site_id}", "time_zone": TIME_ZONE}
    await api.must("inventory", "/sites", f"{run}-site-{site_id}", site)
    floor = {"warehouse_id": WAREHOUSE, "name": "Shop floor"}
    place = f"/sites/{site_id}/warehouses"
    await api.must("inventory", place, f"{run}-floor-{site_id}", floor)
    step.advance()


async def _import_items(api: Api, run: str, products: Sequence[Product], step: Step) -> None:
    body: Json = {"items": [_item(product) for product in products]}
    key = f"{run}-items-{products[0].item_id}"
    report = await api.must("inventory", "/items/import", key, body)
    if report["refused"]:
        raise DemoError(
            f"inventory refused items of the data: {report['refused'][:3]}",
            "The names and categories of the data should fit; this is a fault to report",
        )
    step.advance(len(products))


def _item(product: Product) -> Json:
    item: Json = {
        "item_id": product.item_id,
        "name": product.name,
        "base_unit": UNIT,
        "scale": 0,
    }
    return item if product.category is None else {**item, "category": product.category}


async def wait_for_copies(api: Api, items: int, sites: int) -> None:
    """Wait until purchasing and sales know all that was created."""
    wanted = {"items": items, "sites": sites, "warehouses": sites}

    async def missing() -> list[str]:
        found = []
        for service in COPYING:
            counts = await api.get(service, "/reference/counts")
            found += [
                f"{service} knows {counts[name]} of {count} {name}"
                for name, count in wanted.items()
                if counts[name] < count
            ]
        return found

    await wait_for(
        missing,
        COPIES_SECONDS,
        "the copies of items and sites",
        "See /ops/bus and /ops/parked of inventory, purchasing and sales, and the relays' logs",
    )
