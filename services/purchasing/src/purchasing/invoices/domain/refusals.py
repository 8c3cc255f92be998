"""Why an invoice can't be booked, matched, accepted or taken back."""

from servicekit.errors import Kind, Refusal


class UnknownInvoice(Refusal):
    """There is no such invoice."""

    kind = Kind.NOT_FOUND
    code = "unknown_invoice"
    en = "There is no invoice {invoice_id}."
    zh = "没有发票 {invoice_id}。"


class InvoiceBookedBefore(Refusal):
    """The same invoice is booked once."""

    kind = Kind.CONFLICT
    code = "invoice_booked_before"
    en = (
        "Invoice {code_and_number} of {seller_tax_id} is booked as {first} since {booked_at}."
        " Match that one, or refuse it if it was booked wrongly."
    )
    zh = (
        "销方 {seller_tax_id} 的发票 {code_and_number} 已于 {booked_at} 入账（{first}）。"
        "请匹配该发票；如入账有误，请先拒收后重新入账。"
    )


class InvoiceDoesNotAddUp(Refusal):
    """What an invoice says must agree with itself."""

    code = "invoice_does_not_add_up"
    en = "The invoice does not add up: {figures}. Compare it with the paper and correct it."
    zh = "发票金额不一致：{figures}。请核对原票后更正。"


class SellerIsNotSupplier(Refusal):
    """The invoice is somebody else's."""

    code = "seller_is_not_supplier"
    en = (
        "The seller's tax number is {seller_tax_id}, but that of supplier {supplier_id} is {known}."
    )
    zh = "销方税号为 {seller_tax_id}，而供应商 {supplier_id} 的税号为 {known}。"


class DocumentOfOtherSupplier(Refusal):
    """What a supplier uploaded is that supplier's invoice."""

    kind = Kind.CONFLICT
    code = "document_of_other_supplier"
    en = "Supplier {uploader} uploaded document {document_id}, not {supplier_id}. Book it for them."
    zh = "单据 {document_id} 由供应商 {uploader} 上传，而非 {supplier_id}。请按上传供应商入账。"


class InvoiceChanged(Refusal):
    """Somebody did something with the invoice since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Invoice {number} was changed meanwhile: it is {invoice_status}, version {version}."
        " Look again."
    )
    zh = "发票 {number} 已被修改：当前状态 {invoice_status}，版本 {version}。请重新查看。"


class NotInStatus(Refusal):
    """The invoice does not stand where it must for this."""

    kind = Kind.CONFLICT
    code = "invoice_not_ready"
    en = "Invoice {number} is {invoice_status}; this needs one that is {needed}."
    zh = "发票 {number} 当前状态为 {invoice_status}，此操作要求 {needed}。"


class LinesUnmatched(Refusal):
    """Every line of an invoice belongs to something received."""

    code = "lines_unmatched"
    en = "Nothing received fits lines {unmatched}. Name the receipt and its line for each."
    zh = "第 {unmatched} 行找不到对应的收货。请逐行指定收货单及行号。"


class InvoiceUnitUnknown(Refusal):
    """The invoice counts in a unit that the item does not have; nothing is ever taken as 1:1."""

    code = "invoice_unit_unknown"
    en = (
        "Line {line_no} of the invoice is in {unit}, and item {item_id} has only {units}. Define"
        " the unit with its conversion first, or name the receipt, its line and the quantity in"
        " {base_unit} for this line."
    )
    zh = (
        "发票第 {line_no} 行的单位为 {unit}，而商品 {item_id} 只有单位 {units}。"
        "请先定义该单位的换算，或为该行指定收货单、行号及以 {base_unit} 计的数量。"
    )


class UnknownLinks(Refusal):
    """A link leads nowhere."""

    code = "unknown_links"
    en = "These links name no line of the invoice or nothing owed for: {links}."
    zh = "以下匹配指定的发票行或暂估行不存在：{links}。"


class OtherCurrency(Refusal):
    """An invoice is in the currency of what it invoices."""

    code = "invoice_in_other_currency"
    en = "The invoice is in {currency}, but receipts {receipts} are not. Have it issued anew."
    zh = "发票币种为 {currency}，与收货单 {receipts} 的币种不一致。请供应商重新开票。"


class NothingToCredit(Refusal):
    """A credit note lowers what was invoiced before."""

    kind = Kind.CONFLICT
    code = "nothing_to_credit"
    en = "Less than is credited is invoiced of: {links}. Match the invoice that is credited first."
    zh = "以下收货行已匹配的蓝字金额不足：{links}。请先匹配被红冲的发票。"


class SecondPersonNeeded(Refusal):
    """Nobody accepts a difference they proposed, or brought in where no person matched."""

    kind = Kind.FORBIDDEN
    code = "second_person_needed"
    en = (
        "{subject} matched invoice {number}, or uploaded or confirmed what was matched by itself;"
        " somebody else must accept its differences."
    )
    zh = (
        "发票 {number} 由 {subject} 匹配，或自动匹配所依据的文件由其上传或确认，"
        "差异须由另一人接受。"
    )
