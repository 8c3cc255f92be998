"""Why a line can't be ordered as it is, or lines can't be together."""

from servicekit.errors import Refusal


class GiftWithPrice(Refusal):
    """What is paid for is no gift."""

    code = "gift_with_price"
    en = (
        "Line {line_no}: item {item_id} is a gift, and {amount} is asked for it. Leave out the"
        " amount, or sell it without `gift`."
    )
    zh = (
        "第 {line_no} 行：商品 {item_id} 为赠品，却填写了金额 {amount}。"
        "请勿填写金额，或取消赠品标记。"
    )


class ChoiceNeedsBaseUnit(Refusal):
    """Batches are proposed in base units, and a case may be of several."""

    code = "batch_choice_needs_base_unit"
    en = (
        "Line {line_no}: the batches of item {item_id} can be left to the proposal in {base_unit},"
        " not in {unit}. Order it in {base_unit}, or name the batch."
    )
    zh = (
        "第 {line_no} 行：商品 {item_id} 仅以 {base_unit} 下单时可按建议选取批次，"
        "不能以 {unit} 下单。请改用 {base_unit}，或指定批次。"
    )


class ForeignCurrency(Refusal):
    """The books are kept in one currency, and this is another."""

    code = "foreign_currency_unsupported"
    en = "Orders are taken in {books} only, the currency of the books; this one is in {currency}."
    zh = "目前只支持以账簿本位币 {books} 下单；该订单为 {currency}。"


class TotalTooLarge(Refusal):
    """The lines come to more than can be written anywhere in the platform."""

    code = "total_too_large"
    en = "The lines come to {total}; at most {most} fit one order. Split it."
    zh = "订单合计 {total} 超出单张订单上限 {most}。请拆分订单。"
