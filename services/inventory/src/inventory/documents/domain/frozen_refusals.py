"""Why goods stay frozen."""

from servicekit.errors import Kind, Refusal


class RecalledStaysFrozen(Refusal):
    """Nobody releases what is called back."""

    kind = Kind.CONFLICT
    code = "recalled_stays_frozen"
    en = (
        "Batch {batch_id} of item {item_id} is called back by recall {recall} ({reason}): withdraw"
        " the recall to release it."
    )
    zh = (
        "商品 {item_id} 的批次 {batch_id} 已由召回单 {recall} 召回（{reason}），"
        "撤回召回后方可放行。"
    )


class BreachLasts(Refusal):
    """What is unfrozen where a breach of the cold chain lasts would be frozen again at once."""

    kind = Kind.CONFLICT
    code = "breach_lasts"
    en = (
        "Warehouse {warehouse_id} is outside of its limits since {outside_since} (breach"
        " {breach_id}): what is unfrozen there would be frozen again. End the breach first: it ends"
        " by itself once device {device_id} reads inside the limits, or by hand if the device is"
        " dead (`POST /breaches/{breach_id}/end`). Goods that are good all the same are released by"
        " an inspection."
    )
    zh = (
        "仓库 {warehouse_id} 自 {outside_since} 起超出温湿度范围（冷链异常 {breach_id}），"
        "解冻的货物会被再次冻结。请先结束该异常：设备 {device_id} 读数恢复后会自动结束，"
        "设备已损坏时可人工结束（`POST /breaches/{breach_id}/end`）。"
        "确认完好的货物请通过检验放行。"
    )
