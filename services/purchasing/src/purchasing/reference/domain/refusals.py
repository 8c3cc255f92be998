"""Why a line of a document can't name an item, a site or a warehouse."""

from collections.abc import Sequence

from servicekit.errors import Kind, Refusal


class UnknownItem(Refusal):
    """No copy of the item is here."""

    kind = Kind.NOT_FOUND
    code = "unknown_item"
    en = "Item {item_id} is not known here. Import it, or wait a moment if it was just imported."
    zh = "未找到商品 {item_id}。请先导入该商品；如刚刚导入，请稍候再试。"


class UnknownSite(Refusal):
    """No copy of the site is here."""

    kind = Kind.NOT_FOUND
    code = "unknown_site"
    en = "Site {site_id} is not known here. Define it, or wait a moment if it was just defined."
    zh = "未找到门店 {site_id}。请先建立该门店；如刚刚建立，请稍候再试。"


class UnknownWarehouse(Refusal):
    """The site has no such warehouse, as far as is known here."""

    kind = Kind.NOT_FOUND
    code = "unknown_warehouse"
    en = (
        "Site {site_id} has no warehouse {warehouse_id}. Name one of its own warehouses, or wait a"
        " moment if it was just defined."
    )
    zh = "门店 {site_id} 没有仓库 {warehouse_id}。请选择该门店的仓库；如刚刚建立，请稍候再试。"


class UnknownUnit(Refusal):
    """The item is not counted in this unit; nothing is ever taken as 1:1."""

    code = "unknown_unit"
    en = (
        "Line {line_no}: item {item_id} has no unit {unit}. It has {units}. Take one of these, or"
        " define the unit with its conversion first."
    )
    zh = (
        "第 {line_no} 行：商品 {item_id} 没有单位 {unit}，现有单位：{units}。"
        "请改用其中之一，或先定义该单位的换算。"
    )


class QuantityTooPrecise(Refusal):
    """The quantity has more decimals than the item's unit can be split into."""

    code = "quantity_too_precise"
    en = (
        "Line {line_no}: {quantity} {unit} of item {item_id} has too many decimals; in {base_unit}"
        " at most {scale} are possible."
    )
    zh = "第 {line_no} 行：商品 {item_id} 的数量 {quantity} {unit} 小数位过多，最多 {scale} 位。"


class ItemDisabled(Refusal):
    """Nobody orders the item any more."""

    code = "item_disabled"
    en = "Line {line_no}: item {item_id} is disabled. Enable it first, or take another item."
    zh = "第 {line_no} 行：商品 {item_id} 已停用。请先启用，或改用其他商品。"


class KitNotReceived(Refusal):
    """A kit is never on a shelf as such; only its components are."""

    code = "kit_not_received"
    en = "Line {line_no}: item {item_id} is a kit. Order its components instead."
    zh = "第 {line_no} 行：商品 {item_id} 为组合装。请订购其组件。"


class BatchMissing(Refusal):
    """Goods managed by batch arrive by batch."""

    code = "batch_missing"
    en = "Line {line_no}: item {item_id} is managed by batch. Name the batch on the label."
    zh = "第 {line_no} 行：商品 {item_id} 按批次管理。请填写标签上的批次。"


class BatchUndated(Refusal):
    """The item has a shelf life: without a date it could be sold for ever."""

    code = "batch_undated"
    en = (
        "Line {line_no}: item {item_id} has a shelf life. Give the batch's date of manufacture or"
        " of expiry."
    )
    zh = "第 {line_no} 行：商品 {item_id} 有保质期。请填写批次的生产日期或到期日。"


class BatchDatesCrossed(Refusal):
    """Nothing expires before it is made."""

    code = "batch_dates_crossed"
    en = "Line {line_no}: what was made on {manufactured_on} can't expire on {expires_on}."
    zh = "第 {line_no} 行：到期日 {expires_on} 早于生产日期 {manufactured_on}。"


class SerialsMissing(Refusal):
    """Goods managed by serial number arrive unit by unit."""

    code = "serials_missing"
    en = "Line {line_no}: name {quantity} serial numbers of item {item_id}, not {named}."
    zh = "第 {line_no} 行：商品 {item_id} 应填写 {quantity} 个序列号，而不是 {named} 个。"


class TrackingUnused(Refusal):
    """A batch or serial number of an item that has none would hide its goods."""

    code = "tracking_unused"
    en = "Line {line_no}: item {item_id} has tracking {tracking}. Leave out {given}."
    zh = "第 {line_no} 行：商品 {item_id} 的管理方式为 {tracking}。请勿填写 {given}。"


class QuantityTooLarge(Refusal):
    """In the base unit the quantity is more than can be written."""

    code = "quantity_too_large"
    en = (
        "Line {line_no}: {quantity} {unit} of item {item_id} are more base units than can be"
        " written. Split the line."
    )
    zh = "第 {line_no} 行：商品 {item_id} 的 {quantity} {unit} 换算为基本单位后过大。请拆分该行。"


class FreeGoodsForSale(Refusal):
    """Goods that cost nothing would dilute the average cost of those that are sold."""

    code = "free_goods_for_sale"
    en = (
        "Line {line_no}: item {item_id} is for sale, so it can't come in as {line_kind}. Keep free"
        " goods under an item of their own that is not for sale; then they neither dilute the"
        " average cost nor enter the margin. What comes free with paid goods of the same item is"
        " ordered with them, for what is paid: eleven at the price of ten."
    )
    zh = (
        "第 {line_no} 行：商品 {item_id} 可销售，不能作为 {line_kind} 入库。请为赠品或样品另建"
        "不可销售的商品，以免摊薄平均成本或计入毛利。同一商品买十送一的，请按十一件、总价不变下单。"
    )


def naming_all(refusals: Sequence[Refusal]) -> Refusal:
    """Return the first refusal of a list's lines, which names the others too."""
    first = refusals[0]
    first.facts["refused"] = [
        {"code": one.code, "detail": one.text("en"), **one.facts} for one in refusals[1:]
    ]
    return first
