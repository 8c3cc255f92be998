"""All events there are, found by their type."""

from contracts import costing, inventory, purchasing, sales
from contracts.envelope import Event, Topic

EVENTS: tuple[type[Event], ...] = (
    inventory.ItemDefined,
    inventory.SiteDefined,
    inventory.WarehouseDefined,
    inventory.StockReceived,
    inventory.StockShipped,
    inventory.StockIssued,
    inventory.StockGained,
    inventory.StockDispatched,
    inventory.StockArrived,
    inventory.StockStatusChanged,
    inventory.StockReversed,
    inventory.StockDocumentDrafted,
    inventory.StockDocumentAudited,
    inventory.StockDocumentPosted,
    inventory.StockDocumentReversed,
    inventory.StockDocumentCancelled,
    inventory.StockReserved,
    inventory.ReservationConfirmed,
    inventory.ReservationReleased,
    inventory.ReservationFulfilled,
    inventory.ReceiptBooked,
    inventory.ConditionRead,
    inventory.InspectionRecorded,
    inventory.ColdChainBreached,
    inventory.ColdChainRestored,
    inventory.BatchExpiring,
    inventory.BatchExpired,
    inventory.RecallOrdered,
    inventory.RecallClosed,
    inventory.StockCountClosed,
    purchasing.SupplierDefined,
    purchasing.PurchaseOrderPlaced,
    purchasing.GoodsReceiptPosted,
    sales.CustomerDefined,
    sales.SalesOrderPlaced,
    sales.SalesOrderReserved,
    sales.SalesOrderPaid,
    sales.SalesOrderClosed,
    sales.ShipmentPosted,
    costing.GoodsSoldCosted,
)

BY_TYPE: dict[str, type[Event]] = {event.TYPE: event for event in EVENTS}
TOPICS: dict[str, Topic] = {event.TOPIC.name: event.TOPIC for event in EVENTS}


def topics_of(producer: str) -> tuple[Topic, ...]:
    """Return the topics one service writes."""
    return tuple(topic for topic in TOPICS.values() if topic.producer == producer)
