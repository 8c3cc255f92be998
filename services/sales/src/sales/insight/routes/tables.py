"""HTTP: masters of sales, and what its tills told, as files (H6)."""

from sales.channels.tables import times_to_live
from sales.counter.tables import sales
from sales.customers.tables import customers
from sales.deliveries.tables import links, photos
from sales.orders.tables import held_lines, line_prices
from sales.prices.tables import levels, prices, promotions
from sales.sourcing.tables import lines as sourcing_lines
from sales.sourcing.tables import orders as sourcing_orders
from sales.sourcing.tables import preferences as sourcing_preferences
from sales.sourcing.tables import requests as sourcing_requests
from sales.substitutes.tables import line_substitutions
from sheets.tables import TableFile, tables_router

ROLES = ("master_data", "shop_manager", "finance", "operator", "service")

router = tables_router(
    "insight",
    ROLES,
    (
        TableFile("customers", customers),
        TableFile("customer-levels", levels),
        TableFile("channels", times_to_live),
        TableFile("prices", prices),
        TableFile("promotions", promotions),
        # Their lines are those of their orders.
        TableFile("counter-sales", sales, ("lines", "problem")),
        TableFile("held-lines", held_lines),
        TableFile("line-prices", line_prices),
        TableFile("line-substitutions", line_substitutions),
        TableFile("delivery-photos", photos),
        # Who has a link's token may sign.
        TableFile("delivery-links", links, ("token_hash",)),
        TableFile("sourcing-preferences", sourcing_preferences),
        TableFile("sourcing-requests", sourcing_requests, ("tried", "considered", "problem")),
        TableFile("sourcing-lines", sourcing_lines),
        TableFile("sourcing-orders", sourcing_orders),
    ),
)
