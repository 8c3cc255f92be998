"""Why an invoice is none that can be booked, or why its differences have to be looked at again."""

from servicekit.errors import Kind, Refusal


class InvoiceNumberMalformed(Refusal):
    """Code and number belong together: another form of them would be another invoice."""

    code = "invoice_number_malformed"
    en = (
        "An invoice has a number of 20 digits and no code (数电票), or a number of 8 digits and a"
        " code of 10 or 12; this one has number {number!r} and code {invoice_code!r}. Compare it"
        " with the paper."
    )
    zh = (
        "数电票号码为 20 位且没有发票代码；其他发票号码为 8 位，发票代码为 10 或 12 位。"
        "此票号码为“{number}”，代码为“{invoice_code}”。请核对原票。"
    )


class InvoiceKindContradicted(Refusal):
    """The kind is told by the invoice itself."""

    code = "invoice_kind_contradicted"
    en = "Invoice {said} can't be {invoice_kind}: its number and its title say {possible}."
    zh = "发票 {said} 的票种不能是 {invoice_kind}：按号码及票面标题应为 {possible}。"


class InvoiceKindUnknown(Refusal):
    """Whether tax may be deducted is never guessed."""

    code = "invoice_kind_unknown"
    en = (
        "Document {document_id} does not show whether it is a special or an ordinary invoice."
        " Name its kind: {possible}."
    )
    zh = "单据 {document_id} 未能识别专用发票或普通发票。请指定票种：{possible}。"


class InvoiceCurrencyUnclear(Refusal):
    """The form has no field for it, and nothing else tells it."""

    code = "invoice_currency_unclear"
    en = (
        "Nothing tells the currency of document {document_id}: it is marked as in {said}, and what"
        " is owed to {supplier_id} is in {owed}. Name the currency."
    )
    zh = (
        "单据 {document_id} 的币种无法确定：票面标明 {said}，应付供应商 {supplier_id} 的币种为"
        " {owed}。请指定币种。"
    )


class InvoiceCurrencyContradicted(Refusal):
    """An invoice is paid in the currency in which it is owed."""

    code = "invoice_currency_contradicted"
    en = (
        "Document {document_id} is marked as in {said}, but what is owed to {supplier_id} is in"
        " {owed}. Have it issued anew, or name the currency."
    )
    zh = (
        "单据 {document_id} 标明的币种为 {said}，而应付供应商 {supplier_id} 的币种为 {owed}。"
        "请供应商重新开票，或指定币种。"
    )


class SupplierUnclear(Refusal):
    """The seller's tax number leads to one supplier, or somebody names it."""

    code = "invoice_supplier_unclear"
    en = (
        "The seller's tax number {seller_tax_id} is that of {suppliers}. Name the supplier, or set"
        " the tax number at the right one alone."
    )
    zh = (
        "销方税号 {seller_tax_id} 对应的供应商：{suppliers}。"
        "请指定供应商，或在供应商资料中维护税号。"
    )


class DifferencesChanged(Refusal):
    """Nobody accepts what they have not seen."""

    kind = Kind.CONFLICT
    code = "invoice_differences_changed"
    en = (
        "Since invoice {number} was held, what is owed has changed, and so have its differences:"
        " {changed}. Nothing was accepted. Review version {version}, then decide."
    )
    zh = (
        "发票 {number} 挂起后应付情况已变化，差异随之改变：{changed}。"
        "未作任何接受处理。请重新审核版本 {version} 后再决定。"
    )


class LinesInDispute(Refusal):
    """What is in dispute with the supplier is not owed yet."""

    kind = Kind.CONFLICT
    code = "invoice_lines_disputed"
    en = (
        "Lines {lines} of invoice {number} are for goods that the supplier disputes. Have the"
        " buyer resolve that first, then accept the rest, or unmatch the invoice."
    )
    zh = (
        "发票 {number} 第 {lines} 行对应的收货存在供应商争议。"
        "请先由采购员处理争议，再接受其余差异，或取消匹配。"
    )
