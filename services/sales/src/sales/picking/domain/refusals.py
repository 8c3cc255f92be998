"""Why nothing is picked, or what is in hand is not exchanged."""

from sales.shipments.domain import PartNotHeld
from servicekit.errors import Kind, Refusal


class UnknownPick(Refusal):
    """There is no such pick."""

    kind = Kind.NOT_FOUND
    code = "unknown_pick"
    en = "There is no pick {pick_id}."
    zh = "没有拣货单 {pick_id}。"


class NothingToPick(Refusal):
    """All of the order is picked, or has left."""

    kind = Kind.CONFLICT
    code = "nothing_to_pick"
    en = "Nothing of order {number} is left to pick: all of it is picked or has left."
    zh = "订单 {number} 已无可拣货品：全部已拣货或已发出。"


class OtherBatchPicked(Refusal):
    """The goods in hand are not those that are held."""

    code = "other_batch_picked"
    en = (
        "Line {line_no}: batch {batch_held} is held for the order, and batch {batch_picked} was"
        " picked. Put it back and take the one that is held, or pick it with `exchange`."
    )
    zh = (
        "第 {line_no} 行：为该订单预留的是批次 {batch_held}，实际拣取了批次 {batch_picked}。"
        "请放回并改拣预留批次，或以 exchange 方式拣货。"
    )


class UnitsMiscounted(Refusal):
    """Units in hand that are told apart are named, each once."""

    code = "units_miscounted"
    en = "Line {line_no}: name the serial numbers of the {quantity} units in hand, each once."
    zh = "第 {line_no} 行：请列出所拣 {quantity} 件的序列号，不得重复。"


class OrderPicked(Refusal):
    """What somebody has in hand is not exchanged for something else."""

    kind = Kind.CONFLICT
    code = "order_picked"
    en = (
        "Goods of order {number} are picked and wait to be shipped, and once some have left nothing"
        " of it is changed or exchanged. Put them back first (`/picks/{{pick_id}}/cancel`)."
    )
    zh = (
        "订单 {number} 有货品已拣出待发；一经发货，该订单即不可再变更或调换。"
        "请先放回（/picks/{{pick_id}}/cancel）。"
    )


class PickNotDecided(Refusal):
    """Whether what is in hand may be held instead is not known yet."""

    kind = Kind.UNAVAILABLE
    code = "pick_not_decided"
    en = (
        "Inventory has not answered whether order {number} may have what was picked instead. Send"
        " the same request again, with its key."
    )
    zh = "库存服务尚未答复订单 {number} 能否改用所拣货品。请以相同的键重新发送该请求。"


class BatchesMixed(PartNotHeld):
    """One pick exchanges a line for one batch."""

    en = (
        "Line {line_no} of what is held for order {number} is named twice, and a pick exchanges a"
        " line for one batch. Pick a part of it from one batch, put that back"
        " (`/picks/{{pick_id}}/cancel`; it stays held), and pick what is left from the other one."
    )
    zh = (
        "订单 {number} 的预留行 {line_no} 重复出现；每次拣货只能将一行改用一个批次。"
        "请先以一个批次拣取一部分，将其放回（/picks/{{pick_id}}/cancel，预留不变），"
        "再以另一批次拣取剩余部分。"
    )


class HeldOtherwise(Refusal):
    """What was in hand came to be held, and then something else did, before it was picked."""

    kind = Kind.CONFLICT
    code = "held_otherwise"
    en = (
        "Order {number} came to hold what was picked, but was changed or exchanged again before"
        " that was picked. Nothing is picked: look at its pick list again, and pick with a new key."
    )
    zh = (
        "订单 {number} 曾改用所拣货品，但在完成拣货前又被变更或调换，未生成拣货。"
        "请重新查看其拣货清单，并以新的键拣货。"
    )


class PickNotOpen(Refusal):
    """The pick has been shipped or put back."""

    kind = Kind.CONFLICT
    code = "pick_not_open"
    en = "This pick of order {number} is {pick_status} since {ended_at}."
    zh = "订单 {number} 的该拣货单自 {ended_at} 起状态为 {pick_status}。"
