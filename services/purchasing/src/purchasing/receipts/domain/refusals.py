"""Why a receipt can't be opened, counted, taken a step further or found."""

from servicekit.errors import Kind, Refusal


class UnknownReceipt(Refusal):
    """There is no such receipt."""

    kind = Kind.NOT_FOUND
    code = "unknown_receipt"
    en = "There is no receipt {receipt_id}."
    zh = "没有收货单 {receipt_id}。"


class VersionConflict(Refusal):
    """Somebody changed the receipt since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Receipt {number} was changed meanwhile: it is {receipt_status} now, in version {version}."
        " Look at it again, then decide."
    )
    zh = (
        "收货单 {number} 已被修改：当前状态为 {receipt_status}，版本 {version}。"
        "请重新查看后再操作。"
    )


class NotDraft(Refusal):
    """Only a draft can be audited."""

    kind = Kind.CONFLICT
    code = "receipt_not_draft"
    en = "Receipt {number} is {receipt_status}; only a draft can be audited."
    zh = "收货单 {number} 当前状态为 {receipt_status}，只有草稿可以审核。"


class NotAudited(Refusal):
    """Only an audited receipt can be posted."""

    kind = Kind.CONFLICT
    code = "receipt_not_audited"
    en = "Receipt {number} is {receipt_status}; only an audited one can be posted. Audit it first."
    zh = "收货单 {number} 当前状态为 {receipt_status}，只有已审核的单据可以过账。请先审核。"


class AlreadyPosted(Refusal):
    """What is posted stays posted; a mistake is put right by a document of its own."""

    kind = Kind.CONFLICT
    code = "receipt_already_posted"
    en = "Receipt {number} was posted by {posted_by} at {posted_at}. Nothing was posted twice."
    zh = "收货单 {number} 已由 {posted_by} 于 {posted_at} 过账，未重复过账。"


class AuditorCounted(Refusal):
    """Two pairs of eyes, where the house asks for them."""

    code = "auditor_counted"
    en = (
        "{counted_by} counted the goods, so another has to audit the receipt. Draft it without"
        " posting, and have a colleague finish it."
    )
    zh = "货物由 {counted_by} 清点，须由他人审核。请先保存草稿，再由同事审核并过账。"


class OrderElsewhere(Refusal):
    """What arrives here was ordered for another site."""

    code = "order_of_another_site"
    en = "Order {number} is for site {site_id}, not {given}. Receive it there, or ask the buyer."
    zh = "订单 {number} 的到货门店为 {site_id}，而不是 {given}。请在该门店收货，或联系采购员。"


class WrongWarehouse(Refusal):
    """What was scanned was ordered for another warehouse than the session is for."""

    kind = Kind.CONFLICT
    code = "wrong_warehouse"
    en = (
        "This session is for warehouse {session_warehouse_id}, but {thing} belongs to warehouse"
        " {document_warehouse_id} of site {document_site_id}. Take it there, or open a session"
        " for that warehouse."
    )
    zh = (
        "本会话属于仓库 {session_warehouse_id}，而 {thing} 属于门店 {document_site_id} 的仓库"
        " {document_warehouse_id}。请送至该仓库，或打开该仓库的会话。"
    )


class ExpectedElsewhere(Refusal):
    """All that is open from the supplier is for other warehouses of the site."""

    kind = Kind.CONFLICT
    code = "expected_in_other_warehouse"
    en = (
        "Nothing is expected from supplier {supplier_id} in warehouse {warehouse_id}; {orders}"
        " orders of it are for {elsewhere} of site {site_id}. Take the goods there and open a"
        " session for that warehouse."
    )
    zh = (
        "仓库 {warehouse_id} 没有供应商 {supplier_id} 的待收订单；该供应商有 {orders} 张订单送往"
        "门店 {site_id} 的 {elsewhere}。请将货物送至该仓库，并打开该仓库的会话。"
    )


class NothingExpected(Refusal):
    """Nothing is open from the supplier at the site."""

    kind = Kind.CONFLICT
    code = "nothing_expected"
    en = (
        "Nothing is expected from supplier {supplier_id} at site {site_id}. Ask the buyer for an"
        " order, or send the goods back."
    )
    zh = "门店 {site_id} 没有供应商 {supplier_id} 的待收订单。请联系采购员补单，或拒收。"


class UnknownOpening(Refusal):
    """Nothing was scanned under this id."""

    kind = Kind.NOT_FOUND
    code = "unknown_opening"
    en = "There is no opened receipt {opening_id}. Scan the code again."
    zh = "没有已开启的收货 {opening_id}。请重新扫码。"


class OpeningElsewhere(Refusal):
    """The code that was scanned is of another supplier or site."""

    kind = Kind.CONFLICT
    code = "opening_of_another_order"
    en = (
        "What was scanned is of supplier {supplier_id} at site {site_id}; order {number} is not."
        " Scan the code of this order."
    )
    zh = "所扫描的是供应商 {supplier_id}、门店 {site_id} 的收货，与订单 {number} 不符。请重新扫码。"


class OpeningUsed(Refusal):
    """A scan opens one receipt of each order."""

    kind = Kind.CONFLICT
    code = "opening_used"
    en = (
        "What was scanned became receipt {receipt_number} already. Go on with that one or cancel"
        " it, or scan the code again for a further delivery."
    )
    zh = "此次扫码已生成收货单 {receipt_number}。请继续处理或取消该单；如为另一批到货，请重新扫码。"


class OpeningAbandoned(Refusal):
    """Somebody has said that nothing comes of the scan."""

    kind = Kind.CONFLICT
    code = "opening_abandoned"
    en = "{abandoned_by} has abandoned this scan: {reason}. Scan the code again."
    zh = "{abandoned_by} 已放弃此次扫码：{reason}。请重新扫码。"


class CountMissing(Refusal):
    """A line says how much came: by counting or by weighing, not by both and not by neither."""

    code = "count_missing"
    en = "Line {line_no}: give the quantity that was counted, or the weight, but not both."
    zh = "第 {line_no} 行：请填写清点数量或称重结果，二者只能填一项。"
