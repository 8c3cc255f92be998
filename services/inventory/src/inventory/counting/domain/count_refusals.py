"""Why a count can't be taken."""

from servicekit.errors import Kind, Refusal


class CountedTooEarly(Refusal):
    """The count is older than the sheet: nobody knows what it belongs to."""

    code = "counted_too_early"
    en = "Counted at {counted_at}, before the line was opened at {opened_at}. Set the clock."
    zh = "盘点时间 {counted_at} 早于该行开始时间 {opened_at}。请校准设备时钟。"


class CountedInFuture(Refusal):
    """The device's clock runs ahead."""

    code = "counted_in_future"
    en = "Counted at {counted_at}, which is yet to come. Set the device's clock and count again."
    zh = "盘点时间 {counted_at} 尚未到来。请校准设备时钟后重新盘点。"


class CountDiffers(Refusal):
    """The id of a count stands for one count, for ever."""

    kind = Kind.CONFLICT
    code = "count_differs"
    en = "Count {count_id} was recorded with other content. Send the new count under a new id."
    zh = "计数 {count_id} 已以不同内容记录。请为新的计数使用新的编号。"


class RecountBySamePerson(Refusal):
    """A recount by the same eyes proves nothing."""

    kind = Kind.FORBIDDEN
    code = "recount_by_same_person"
    en = "{counted_by} counted line {line_no} in the round before: somebody else recounts it."
    zh = "{counted_by} 已在上一轮盘点第 {line_no} 行：复盘须由他人完成。"


class WarehouseNotNamed(Refusal):
    """The sheet is of several warehouses, and nothing defaults to one of them."""

    code = "count_warehouse_missing"
    en = "The sheet covers several warehouses: say in which one item {item_id} was counted."
    zh = "该盘点单涉及多个仓库：请注明商品 {item_id} 在哪个仓库盘点。"


class WarehouseNotOnSheet(Refusal):
    """What lies elsewhere is counted on another sheet."""

    code = "count_wrong_warehouse"
    en = "The sheet counts warehouse {wanted}, not {warehouse_id}. Open one for that warehouse."
    zh = "该盘点单的仓库是 {wanted}，而不是 {warehouse_id}。请为该仓库另开盘点单。"
