"""Tables of the catalog."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Text,
    false,
    func,
    true,
)

from inventory.catalog.domain import Item, Site, Tracking, Warehouse
from inventory.database import Word, mapping, metadata
from servicekit.tables import Moment

Degrees = Numeric(9, 6)
"""To a tenth of a metre or so."""

site = Table(
    "site",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("latitude", Degrees),
    Column("longitude", Degrees),
)

warehouse = Table(
    "warehouse",
    metadata,
    Column("site_id", Text, ForeignKey(site.c.site_id), primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("inspect_on_receipt", Boolean, nullable=False, server_default=false()),
    Column("entry_code", Text, nullable=False, server_default=""),
    Column("ships_for_others", Boolean, nullable=False, server_default=false()),
)

item = Table(
    "item",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("base_unit", Text, nullable=False),
    Column("scale", SmallInteger, nullable=False),
    Column("category", Text),
    Column("in_use", Boolean, nullable=False),
    Column("tracking", Word(Tracking), nullable=False, server_default="none"),
    Column("shelf_life_days", Integer),
    Column("no_sale_days", Integer, nullable=False, server_default="0"),
    Column("for_sale", Boolean, nullable=False, server_default=true()),
    Column("inspect_on_receipt", Boolean, nullable=False, server_default=false()),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("abc_class", Text),
    Column("gtin", Text),
    Column("kit_version", Integer),
    Column("took_free", Boolean, nullable=False, server_default=false()),
    Column("defined_at", Moment, nullable=False, server_default=func.now()),
    CheckConstraint("scale between 0 and 6", name="scale"),
)

unit_conversion = Table(
    "unit_conversion",
    metadata,
    Column("item_id", Text, ForeignKey(item.c.item_id), primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("numerator", BigInteger, nullable=False),
    Column("denominator", BigInteger, nullable=False),
    Column("valid_from", Moment, nullable=False),
    Column("defined_by", Text, nullable=False),
    CheckConstraint("numerator > 0 and denominator > 0", name="ratio"),
)

kit_version = Table(
    "kit_version",
    metadata,
    Column("item_id", Text, ForeignKey(item.c.item_id), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("defined_at", Moment, nullable=False),
    Column("defined_by", Text, nullable=False),
)

kit_component = Table(
    "kit_component",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("component_id", Text, ForeignKey(item.c.item_id), primary_key=True),
    Column("quantity", Numeric(18, 6), nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
)

substitute = Table(
    "substitute",
    metadata,
    Column("item_id", Text, ForeignKey(item.c.item_id), primary_key=True),
    Column("substitute_id", Text, ForeignKey(item.c.item_id), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("numerator", BigInteger, nullable=False),
    Column("denominator", BigInteger, nullable=False),
    Column("both_ways", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("defined_at", Moment, nullable=False),
    Column("defined_by", Text, nullable=False),
    CheckConstraint("numerator > 0 and denominator > 0", name="ratio"),
    CheckConstraint("item_id <> substitute_id", name="is_another_item"),
)

mapping.map_imperatively(Site, site)
mapping.map_imperatively(Warehouse, warehouse)
mapping.map_imperatively(Item, item, exclude_properties={item.c.defined_at})
