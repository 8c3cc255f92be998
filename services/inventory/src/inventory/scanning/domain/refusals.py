"""Why a scan does not count."""

from servicekit.errors import Kind, Refusal


class ScanIdReused(Refusal):
    """The id stands for another scan already."""

    kind = Kind.CONFLICT
    code = "scan_id_reused"
    en = "Scan id {scan_id} was used for another scan. Give each scan an id of its own."
    zh = "扫描编号 {scan_id} 已用于另一次扫描。请为每次扫描使用新的编号。"


class UnknownScan(Refusal):
    """There is no such scan."""

    kind = Kind.NOT_FOUND
    code = "unknown_scan"
    en = "There is no scan {scan_id} here."
    zh = "此处不存在扫描 {scan_id}。"


class WrongWarehouse(Refusal):
    """What was scanned belongs to another warehouse than the session."""

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


class OtherDoor(Refusal):
    """The door of a warehouse that the session is not for."""

    kind = Kind.CONFLICT
    code = "other_warehouse_door"
    en = (
        "This is the door of warehouse {warehouse_id} of site {site_id}, and your session is for"
        " {session_warehouse_id}. Open a session for {warehouse_id} to work here."
    )
    zh = (
        "此处为门店 {site_id} 的仓库 {warehouse_id}，而当前会话属于仓库 {session_warehouse_id}。"
        "如需在此作业，请打开该仓库的会话。"
    )


class UnknownDoor(Refusal):
    """The entry code is none of the site's, or no longer."""

    kind = Kind.NOT_FOUND
    code = "unknown_entry_code"
    en = "This is not the present entry code of a warehouse of site {site_id}. Scan the one there."
    zh = "该码不是门店 {site_id} 任何仓库的现行入口码。请扫描仓库现场的入口码。"


class DocumentDone(Refusal):
    """There is nothing left to scan for the document."""

    kind = Kind.CONFLICT
    code = "document_not_scannable"
    en = "Document {number} is {document_kind}, {document_status}: nothing is scanned for it."
    zh = "单据 {number}（{document_kind}）状态为 {document_status}，无需扫描。"


class SerialRepeated(Refusal):
    """A unit is there once."""

    kind = Kind.CONFLICT
    code = "serial_scanned_twice"
    en = "Unit {serial} of item {item_id} was scanned for this work before. Go on with the next."
    zh = "商品 {item_id} 的序列号 {serial} 在本次作业中已扫描。请继续扫描下一件。"


class NotOnDocument(Refusal):
    """The document names no such goods."""

    code = "not_on_document"
    en = "Item {item_id} is not on document {number}. Put it aside, or scan it for another work."
    zh = "商品 {item_id} 不在单据 {number} 上。请另行放置，或用于其他作业。"


class CodeContradicted(Refusal):
    """What was typed is not what the code says."""

    code = "code_contradicted"
    en = "The code says {figure} {said}, but {given} was given. Leave it out, or scan again."
    zh = "条码中的 {figure} 为 {said}，与填写的 {given} 不符。请勿填写，或重新扫描。"


class UnknownCode(Refusal):
    """Nothing is called so."""

    kind = Kind.NOT_FOUND
    code = "unknown_code"
    en = "Nothing is known by the code {scanned}. Name the item it stands for, then scan again."
    zh = "系统中没有编码 {scanned}。请先维护该条码对应的商品，再重新扫描。"


class NothingCounted(Refusal):
    """A code or a scale that says there is nothing."""

    code = "nothing_counted"
    en = "The quantity of item {item_id} is {quantity}. Scan or weigh again."
    zh = "商品 {item_id} 的数量为 {quantity}。请重新扫描或称重。"


class OnlyLogisticUnit(Refusal):
    """A pallet's number says nothing of what is on it."""

    code = "only_logistic_unit"
    en = "SSCC {sscc} names a logistic unit, not its goods. Scan the labels of what is on it."
    zh = "SSCC {sscc} 仅标识物流单元，不含商品信息。请扫描其中商品的标签。"


class BatchUnusable(Refusal):
    """The batch on the label can't be written as one of ours."""

    code = "batch_unusable"
    en = (
        "{figure} {given} has characters that are not kept: letters, digits, . _ and - are."
        " Type it without them, and scan only the item's code."
    )
    zh = (
        "{figure} {given} 含有无法保存的字符（仅支持字母、数字、.、_、-）。"
        "请手工填写并只扫商品条码。"
    )


class NotCounted(Refusal):
    """The scan has no part in any work."""

    code = "scan_not_counted"
    en = "Scan {scan_id} is of no goods that count. Nothing needs to be withdrawn."
    zh = "扫描 {scan_id} 未计入任何作业，无需撤回。"


class NothingToSettle(Refusal):
    """The scan was not refused for its warehouse."""

    code = "nothing_to_settle"
    en = "Scan {scan_id} was not made at the wrong warehouse. There is nothing to settle."
    zh = "扫描 {scan_id} 并非扫错仓库，无需处理。"
