"""HTTP: rates of VAT and buyers as files (H6)."""

from sales.invoicing.tables import buyers, vat_rates
from sheets.tables import TableFile, tables_router

ROLES = ("master_data", "shop_manager", "finance", "operator", "service")

router = tables_router(
    "invoicing",
    ROLES,
    (TableFile("vat-rates", vat_rates), TableFile("invoice-buyers", buyers)),
)
