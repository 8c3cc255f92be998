"""Why a receipt can't be confirmed, disputed, resolved or accrued."""

from servicekit.errors import Kind, Refusal


class AccrualListTooLong(Refusal):
    """A list is made in one piece, and its length is bounded therefore."""

    code = "accrual_list_too_long"
    en = (
        "The list would have more than {most} accruals. Ask for it by period, site or supplier, or"
        " for those that are open."
    )
    zh = "清单将超过 {most} 张暂估凭证。请按期间、门店或供应商，或仅按未清状态导出。"


class NothingDecided(Refusal):
    """Only goods that are in the warehouse for good can be owed for."""

    kind = Kind.CONFLICT
    code = "receipt_not_posted"
    en = "Receipt {number} is {receipt_status}. Post it first; only then is anything owed for it."
    zh = "收货单 {number} 当前状态为 {receipt_status}，尚未过账。请先过账，再确认或暂估。"


class UnknownReceiptLines(Refusal):
    """The receipt has no such lines."""

    kind = Kind.NOT_FOUND
    code = "unknown_receipt_lines"
    en = "Receipt {number} has no lines {unknown}; it has lines 1 to {lines}."
    zh = "收货单 {number} 没有第 {unknown} 行，其行号为 1 至 {lines}。"


class LinesNamedTwice(Refusal):
    """One line, one answer."""

    code = "lines_named_twice"
    en = "Lines {repeated} are named more than once. Name each line once."
    zh = "第 {repeated} 行重复。每行只能填写一次。"


class DisputeUnexplained(Refusal):
    """A dispute about a quantity must say which quantity."""

    code = "dispute_unexplained"
    en = "Lines {unexplained}: say which quantity was delivered, in base units."
    zh = "第 {unexplained} 行：数量争议须填写实际送货数量（基本单位）。"


class AlreadySettled(Refusal):
    """What is settled stays settled; the invoice and returns put right what is wrong."""

    kind = Kind.CONFLICT
    code = "receipt_already_settled"
    en = (
        "Receipt {number} was settled by {confirmed_by} at {confirmed_at}. Bring what is wrong to"
        " the buyer: it is put right by a return, another receipt or the invoice."
    )
    zh = (
        "收货单 {number} 已由 {confirmed_by} 于 {confirmed_at} 结清确认。"
        "如有差错请联系采购员，通过退货、补收或发票更正。"
    )


class LinesNotDisputed(Refusal):
    """There is nothing to resolve."""

    kind = Kind.CONFLICT
    code = "lines_not_disputed"
    en = "Lines {undisputed} of receipt {number} are not disputed. Resolve disputed lines only."
    zh = "收货单 {number} 第 {undisputed} 行没有争议。只能处理有争议的行。"


class DisputeOpen(Refusal):
    """A dispute holds the accrual."""

    kind = Kind.CONFLICT
    code = "dispute_open"
    en = "Receipt {number}: lines {disputed} are disputed. Have the buyer resolve them first."
    zh = "收货单 {number} 第 {disputed} 行有争议未处理。请先由采购员处理争议。"


class AlreadyAccrued(Refusal):
    """A receipt is owed for once."""

    kind = Kind.CONFLICT
    code = "receipt_already_accrued"
    en = "Receipt {number} was accrued as {accrual}. Nothing was accrued twice."
    zh = "收货单 {number} 已暂估，暂估单号 {accrual}，未重复暂估。"


class UnknownAccrual(Refusal):
    """There is no such accrual."""

    kind = Kind.NOT_FOUND
    code = "unknown_accrual"
    en = "There is no accrual {accrual_id}."
    zh = "没有应付暂估 {accrual_id}。"


class NotAccrued(Refusal):
    """What nobody confirmed or accrued can't be cleared."""

    kind = Kind.CONFLICT
    code = "receipts_not_accrued"
    en = (
        "Receipts {receipts} have no accrual of this supplier. Have the supplier confirm them, or"
        " accrue them with POST /accruals."
    )
    zh = (
        "收货单 {receipts} 没有该供应商的应付暂估。请供应商确认，或由财务通过 POST /accruals 暂估。"
    )


class UnknownVatRate(Refusal):
    """The rate is none that is in force."""

    code = "unknown_vat_rate"
    en = "{percent} % is no rate of VAT in force. These are: {known}. Finance adds rates."
    zh = "{percent}% 不是现行增值税税率。现行税率：{known}。新税率由财务添加。"


class NoGeneralVatRate(Refusal):
    """Neither the supplier nor the law, as it is known here, says which rate applies."""

    kind = Kind.CONFLICT
    code = "vat_rate_missing"
    en = "Supplier {supplier_id} has no rate of VAT and no general one is in force. Set one."
    zh = "供应商 {supplier_id} 未设置增值税税率，也没有现行的一般税率。请设置。"
