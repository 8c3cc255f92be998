"""Why something can't be done with an item."""

from servicekit.errors import Kind, Refusal


class UnknownItem(Refusal):
    """There is no such item."""

    kind = Kind.NOT_FOUND
    code = "unknown_item"
    en = "There is no item {item_id}. Import it first, or check the id."
    zh = "不存在商品 {item_id}。请先导入，或核对编号。"


class ItemInUse(Refusal):
    """What the ledger counts in can't be changed under it."""

    kind = Kind.CONFLICT
    code = "item_in_use"
    en = (
        "Item {item_id} is in use: its unit {base_unit}, scale {scale} and tracking {tracking} stay"
        " as they are. Import a new item."
    )
    zh = (
        "商品 {item_id} 已在使用：其单位 {base_unit}、小数位 {scale} 和管理方式 {tracking}"
        " 不能更改。请导入新商品。"
    )


class ItemRepeated(Refusal):
    """One import names the same item twice."""

    code = "item_repeated"
    en = "Item {item_id} stands in an earlier line of this import already. Keep one of the two."
    zh = "商品 {item_id} 已出现在本次导入的前面行中。请只保留一行。"


class ItemDisabled(Refusal):
    """Nobody orders or sells the item any more."""

    code = "item_disabled"
    en = "Item {item_id} is disabled. Enable it first, or take another item."
    zh = "商品 {item_id} 已停用。请先启用，或改用其他商品。"


class ItemNotForSale(Refusal):
    """Gifts, samples and materials are not sold."""

    code = "item_not_for_sale"
    en = "Item {item_id} is not for sale. Issue it with a document, or take another item."
    zh = "商品 {item_id} 为非卖品。请以单据领用，或改用其他商品。"


class FreeGoodsForSale(Refusal):
    """Goods that cost nothing would dilute the average cost of those that are sold."""

    code = "free_goods_for_sale"
    en = (
        "Item {item_id} is for sale by now, so goods of it that cost nothing can't come in: they"
        " would dilute its cost and enter its margin. Take the item off sale again and retry, or"
        " send the goods back and order them under an item of their own."
    )
    zh = (
        "商品 {item_id} 现已可销售，零成本货物不能以该商品入库，否则会摊薄成本并计入毛利。"
        "请将商品改回不可销售后重试，或退回货物并以单独的商品重新下单。"
    )


class SerialScale(Refusal):
    """Units with a number of their own are whole."""

    code = "serial_needs_whole_units"
    en = "Item {item_id} is tracked by serial number, so its scale must be 0, not {scale}."
    zh = "商品 {item_id} 按序列号管理，小数位必须为 0，而不是 {scale}。"


class GtinInvalid(Refusal):
    """The last digit of a GTIN proves the others."""

    code = "gtin_invalid"
    en = "{gtin} is no GTIN: 8, 12, 13 or 14 digits, of which the last checks the others."
    zh = "{gtin} 不是有效的 GTIN：应为 8、12、13 或 14 位数字，且末位为校验码。"


class GtinTaken(Refusal):
    """A GTIN stands for one item."""

    kind = Kind.CONFLICT
    code = "gtin_taken"
    en = "GTIN {gtin} is that of item {holder}. Check the label."
    zh = "GTIN {gtin} 已属于商品 {holder}。请核对标签。"


class BatchMissing(Refusal):
    """Goods managed by batch move by batch."""

    code = "batch_missing"
    en = "Item {item_id} is managed by batch: name the batch. Proposals are at /stock/proposals."
    zh = "商品 {item_id} 按批次管理，请指定批次。建议批次见 /stock/proposals。"


class SerialsMissing(Refusal):
    """Goods managed by serial number move unit by unit."""

    code = "serials_missing"
    en = "Item {item_id} is managed by serial number: name {quantity} of them, not {named}."
    zh = "商品 {item_id} 按序列号管理：应给出 {quantity} 个序列号，而不是 {named} 个。"


class TrackingUnused(Refusal):
    """A batch or serial number of an item that has none would hide its goods."""

    code = "tracking_unused"
    en = "Item {item_id} has tracking {tracking}: leave out {given}."
    zh = "商品 {item_id} 的管理方式为 {tracking}，请勿填写 {given}。"
