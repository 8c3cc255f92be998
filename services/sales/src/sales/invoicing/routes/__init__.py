"""HTTP: rates of VAT, buyers, and the list of output invoices."""

from sales.invoicing.routes.invoices import router as invoices
from sales.invoicing.routes.rates import commands, queries_router
from sales.invoicing.routes.tables import router as tables

ROUTERS = (commands, queries_router, invoices, tables)

__all__ = ["ROUTERS"]
