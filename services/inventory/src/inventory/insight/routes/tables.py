"""HTTP: masters and records of inventory as files (H6)."""

from inventory.arrivals.tables import arrival_rule
from inventory.catalog.tables import (
    kit_component,
    kit_version,
    site,
    substitute,
    unit_conversion,
    warehouse,
)
from inventory.counting.tables import count_sheet, stock_count
from inventory.devices.tables import cold_chain_breach, device
from inventory.documents.tables import stock_document, stock_document_line
from inventory.quality.tables import (
    condition_limit,
    condition_reading,
    expiry_notice,
    inspection,
    inspection_part,
    recall,
    recall_delivery,
    recall_reservation,
    recall_return,
)
from inventory.reservations.tables import reservation, reservation_line
from inventory.scanning.tables import item_barcode, scan, scan_session, scan_work, warehouse_worker
from inventory.settings import READING
from inventory.stock.tables import serial_unit, stock_in_transit
from sheets.tables import TableFile, tables_router

queries = tables_router(
    "insight",
    READING,
    (
        TableFile("sites", site),
        # Who has a warehouse's entry code may work there.
        TableFile("warehouses", warehouse, ("entry_code",)),
        TableFile("units", unit_conversion),
        TableFile("substitutes", substitute),
        TableFile("barcodes", item_barcode),
        TableFile("kit-versions", kit_version),
        TableFile("kit-components", kit_component),
        TableFile("serials", serial_unit),
        TableFile("workers", warehouse_worker),
        TableFile("devices", device),
        TableFile("arrival-rules", arrival_rule),
        TableFile("documents", stock_document),
        TableFile("document-lines", stock_document_line),
        TableFile("in-transit", stock_in_transit, place="to_site_id"),
        TableFile("reservations", reservation),
        TableFile("reservation-lines", reservation_line),
        TableFile("count-sheets", count_sheet),
        TableFile("counts", stock_count),
        TableFile("scan-sessions", scan_session),
        TableFile("scan-work", scan_work),
        TableFile("scans", scan, ("said", "facts")),
        TableFile("inspections", inspection),
        TableFile("inspection-parts", inspection_part),
        TableFile("recalls", recall),
        TableFile("recall-deliveries", recall_delivery),
        TableFile("recall-returns", recall_return),
        TableFile("recall-reservations", recall_reservation),
        TableFile("expiry-notices", expiry_notice),
        TableFile("condition-limits", condition_limit),
        TableFile("conditions", condition_reading),
        TableFile("cold-chain-breaches", cold_chain_breach),
    ),
)
