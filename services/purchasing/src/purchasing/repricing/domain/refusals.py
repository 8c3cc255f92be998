"""Why a price can't be corrected."""

from servicekit.errors import Kind, Refusal


class UnknownRepricing(Refusal):
    """There is no such correction."""

    kind = Kind.NOT_FOUND
    code = "unknown_repricing"
    en = "There is no price correction {repricing_id}."
    zh = "没有价格更正单 {repricing_id}。"


class LinesFree(Refusal):
    """What came free has no price."""

    code = "lines_free"
    en = (
        "Lines {free} of receipt {number} came free of charge: nothing is owed for them. What is to"
        " be paid for after all is received against an order's line with a price."
    )
    zh = "收货单 {number} 第 {free} 行为免费货品，没有应付金额。需付款的货品请按有价订单行收货。"


class LinesInvoiced(Refusal):
    """Once there is an invoice, it says what the goods cost."""

    kind = Kind.CONFLICT
    code = "lines_invoiced"
    en = (
        "Lines {invoiced} of receipt {number} are invoiced: the invoice says what they cost. Take"
        " its match back first, or match a credit note."
    )
    zh = (
        "收货单 {number} 第 {invoiced} 行已有发票匹配，成本以发票为准。"
        "请先撤销匹配，或匹配红字发票。"
    )


class PriceUnchanged(Refusal):
    """A correction says another price."""

    code = "price_unchanged"
    en = "Lines {unchanged} of receipt {number} are at that price already. Leave them out."
    zh = "收货单 {number} 第 {unchanged} 行的单价与现价相同。请去掉这些行。"


class AmountTooLarge(Refusal):
    """No line of a chain is worth so much: it is a slip of the keyboard."""

    code = "amount_too_large"
    en = "At {unit_cost} line {line_no} would come to {limit} or more. Check the unit price."
    zh = "单价 {unit_cost} 会使第 {line_no} 行金额达到或超过 {limit}。请核对单价。"


class AnotherProposed(Refusal):
    """One correction of a receipt at a time."""

    kind = Kind.CONFLICT
    code = "repricing_open"
    en = "Correction {proposed} of receipt {number} is not decided yet. Approve or drop it first."
    zh = "收货单 {number} 的价格更正单 {proposed} 尚未处理。请先批准或撤回。"


class RepricingDecided(Refusal):
    """What is decided stays decided."""

    kind = Kind.CONFLICT
    code = "repricing_decided"
    en = (
        "Correction {number} is {repricing_status} since {decided_at}. Propose another one if the"
        " price is wrong."
    )
    zh = (
        "价格更正单 {number} 已于 {decided_at} 变为 {repricing_status}。"
        "如价格仍有误，请另行提出更正。"
    )


class ProposerApproves(Refusal):
    """Nobody approves a price they proposed."""

    kind = Kind.FORBIDDEN
    code = "second_person_needed"
    en = "{subject} proposed correction {number}; somebody else must approve it."
    zh = "价格更正单 {number} 由 {subject} 提出，须由另一人批准。"
