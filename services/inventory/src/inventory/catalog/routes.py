"""The catalog over HTTP."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from contracts.wire import Code, Name
from inventory.catalog import queries as lists
from inventory.catalog import store
from inventory.catalog.domain import Item, Site, Warehouse
from inventory.catalog.use_cases.define_site import define_site
from inventory.catalog.use_cases.define_warehouse import define_warehouse
from inventory.catalog.use_cases.import_items import import_items
from inventory.settings import MASTER_DATA, READING
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.problems import language_of
from servicekit.http.routing import Session, allow, command_router, query_router

queries = query_router("catalog")
commands = command_router("catalog")

Keeper = Annotated[Caller, Depends(allow(*MASTER_DATA))]
Reader = Annotated[Caller, Depends(allow(*READING))]

IMPORT_LINES_MAX = 1000
INVALID_LINE = "invalid_line"


class Body(BaseModel):
    """What commands take: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """What queries give, read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


class SiteBody(Body):
    """A site to create or update."""

    site_id: Code
    name: Name
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]
    """IANA name, such as Asia/Shanghai."""


class WarehouseBody(Body):
    """A warehouse to create or update."""

    warehouse_id: Code
    name: Name


class ItemLine(Body):
    """A line of an import."""

    item_id: Code
    name: Name
    base_unit: Code
    scale: Annotated[int, Field(ge=0, le=6, strict=True)]
    """Decimals a quantity of the item may have."""
    category: Name | None = None


# Lines are checked one by one, so that a bad one doesn't keep the others out.
RawLine = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "description": "item_id, name, base_unit, scale (0 to 6) and, optionally, category."
            " A line that does not fit is refused by itself, with the code invalid_line.",
            "examples": [{"item_id": "A-1", "name": "Tea", "base_unit": "box", "scale": 0}],
        }
    ),
]


class ImportBody(Body):
    """Items to create or update."""

    items: Annotated[list[RawLine], Field(min_length=1, max_length=IMPORT_LINES_MAX)]


class SiteView(View):
    """A site."""

    site_id: str
    name: str
    time_zone: str


class WarehouseView(View):
    """A warehouse of a site."""

    site_id: str
    warehouse_id: str
    name: str


class ItemView(View):
    """An item; `in_use` says that its unit and scale are fixed."""

    item_id: str
    name: str
    base_unit: str
    scale: int
    category: str | None
    in_use: bool


class RefusedLine(BaseModel):
    """A line that was left out, and why."""

    line: int
    item_id: str | None
    code: str
    detail: str


class ImportView(BaseModel):
    """What became of an import's lines, numbered from 1."""

    accepted: int
    unchanged: int
    refused: list[RefusedLine]


@commands.post("/sites", status_code=201, responses={200: {"model": SiteView}})
async def post_site(
    body: SiteBody, session: Session, caller: Keeper, response: Response
) -> SiteView:
    """Create a site (201) or update it (200)."""
    caller.must_cover(body.site_id)
    if not await define_site(session, Site(body.site_id, body.name, body.time_zone)):
        response.status_code = 200
    return SiteView.model_validate(body, from_attributes=True)


@queries.get("/sites")
async def get_sites(session: Session, paging: CurrentPaging, caller: Reader) -> Page[SiteView]:
    """List the sites the caller may see."""
    after = (paging.after(1) or [""])[0]
    rows = await lists.sites(session, caller.covered(), after, paging.limit + 1)
    return paging.page([SiteView.model_validate(row) for row in rows], lambda one: [one.site_id])


@queries.get("/sites/{site_id}")
async def get_site(site_id: Code, session: Session, caller: Reader) -> SiteView:
    """Return a site."""
    caller.must_cover(site_id)
    return SiteView.model_validate(await store.load_site(session, site_id))


@commands.post(
    "/sites/{site_id}/warehouses", status_code=201, responses={200: {"model": WarehouseView}}
)
async def post_warehouse(
    site_id: Code, body: WarehouseBody, session: Session, caller: Keeper, response: Response
) -> WarehouseView:
    """Create a warehouse of a site (201) or update it (200)."""
    caller.must_cover(site_id)
    given = Warehouse(site_id, body.warehouse_id, body.name)
    if not await define_warehouse(session, given):
        response.status_code = 200
    return WarehouseView.model_validate(given)


@queries.get("/sites/{site_id}/warehouses")
async def get_warehouses(
    site_id: Code, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[WarehouseView]:
    """List a site's warehouses."""
    caller.must_cover(site_id)
    await store.load_site(session, site_id)
    after = (paging.after(1) or [""])[0]
    rows = await lists.warehouses(session, site_id, after, paging.limit + 1)
    views = [WarehouseView.model_validate(row) for row in rows]
    return paging.page(views, lambda one: [one.warehouse_id])


@commands.post("/items/import")
async def post_items(body: ImportBody, session: Session, _: Keeper, request: Request) -> ImportView:
    """Create or update items line by line, and report each line that was refused."""
    lines, refused = dict[int, Item](), list[RefusedLine]()
    for line, raw in enumerate(body.items, start=1):
        try:
            lines[line] = Item(**ItemLine.model_validate(raw).model_dump())
        except ValidationError as error:
            refused.append(_invalid(line, raw, error))
    report = await import_items(session, lines)
    language = language_of(request)
    for line, refusal in report.refused.items():
        item_id = lines[line].item_id
        text = refusal.text(language)
        refused.append(RefusedLine(line=line, item_id=item_id, code=refusal.code, detail=text))
    refused.sort(key=lambda one: one.line)
    return ImportView(accepted=report.accepted, unchanged=report.unchanged, refused=refused)


def _invalid(line: int, raw: dict[str, Any], error: ValidationError) -> RefusedLine:
    given = raw.get("item_id")
    wrong = error.errors(include_url=False, include_input=False)
    detail = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong)
    item_id = given[:64] if isinstance(given, str) else None
    return RefusedLine(line=line, item_id=item_id, code=INVALID_LINE, detail=detail[:500])


@queries.get("/items")
async def get_items(session: Session, paging: CurrentPaging, _: Reader) -> Page[ItemView]:
    """List items."""
    after = (paging.after(1) or [""])[0]
    rows = await lists.items(session, after, paging.limit + 1)
    return paging.page([ItemView.model_validate(row) for row in rows], lambda one: [one.item_id])


@queries.get("/items/{item_id}")
async def get_item(item_id: Code, session: Session, _: Reader) -> ItemView:
    """Return an item."""
    return ItemView.model_validate((await store.load_items(session, [item_id]))[item_id])
