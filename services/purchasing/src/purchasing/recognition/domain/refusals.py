"""Why an upload or a step of it is refused."""

from typing import ClassVar

from servicekit.errors import Kind, Refusal


class UnknownDocument(Refusal):
    """There is no such document, or it is another's."""

    kind = Kind.NOT_FOUND
    code = "unknown_invoice_document"
    en = "There is no invoice document {document_id}."
    zh = "没有发票文件 {document_id}。"


class FileRefused(Refusal):
    """The file is none that invoices come in, or is made to do harm."""

    kind = Kind.RULE
    code = "invoice_file_refused"
    en = "The file is refused ({cause}): {advice_en}"
    zh = "文件被拒绝（{cause}）：{advice_zh}"

    CAUSES: ClassVar[dict[str, tuple[str, str]]] = {
        "file_empty": ("it is empty. Upload the invoice itself.", "文件为空，请上传发票文件。"),
        "file_type_unknown": (
            "only XML, OFD, PDF, JPEG and PNG are read.",
            "仅支持 XML、OFD、PDF、JPEG、PNG。",
        ),
        "file_mislabelled": (
            "it is not what its Content-Type says. Send it under its real type.",
            "文件内容与 Content-Type 不符，请按实际类型上传。",
        ),
        "file_truncated": ("its end is missing. Upload it again.", "文件不完整，请重新上传。"),
        "file_encrypted": (
            "it is encrypted. Save it without a password first.",
            "文件已加密，请先去除密码。",
        ),
        "nothing_recognised": (
            "no invoice can be made out in the picture. Take a sharper one.",
            "图片中未识别出发票，请重新拍摄清晰的图片。",
        ),
        "not_an_invoice": (
            "it holds no invoice. Upload the invoice itself.",
            "文件中没有发票，请上传发票文件。",
        ),
        "no_answer": (
            "reading it took too long or failed, more than once. Enter the invoice by hand.",
            "识别多次超时或失败，请手工录入发票。",
        ),
    }
    OTHER = (
        "it is damaged, too large or not made as invoices are. Ask the seller for the original.",
        "文件损坏、过大或结构异常，请向销售方索取原始发票文件。",
    )

    @classmethod
    def because(cls, cause: str, **facts: object) -> "FileRefused":
        """Return the refusal for a cause that the reader names."""
        advice_en, advice_zh = cls.CAUSES.get(cause, cls.OTHER)
        return cls(cause=cause, advice_en=advice_en, advice_zh=advice_zh, file=facts)


class DuplicateFile(Refusal):
    """The very same file was uploaded before."""

    kind = Kind.CONFLICT
    code = "duplicate_invoice_file"
    en = "This file was uploaded before{as_document}. Nothing was stored twice."
    zh = "该文件此前已上传{as_document}，未重复保存。"


class DocumentChanged(Refusal):
    """Somebody changed the document since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Invoice document {document_id} was changed meanwhile: it is {document_status} now, in"
        " version {version}. Look at it again, then decide."
    )
    zh = (
        "发票文件 {document_id} 已被修改：当前状态为 {document_status}，版本 {version}。"
        "请重新查看后再操作。"
    )


class FileSetAside(DuplicateFile):
    """The very same file was uploaded before, and a person wants nothing done with it."""

    en = (
        "This file was uploaded before ({document_id}), and {by} set it aside: {reason}. Nothing"
        " was stored twice. If it is wanted after all, have finance take that document up again."
    )
    zh = (
        "该文件此前已上传（{document_id}），并由 {by} 搁置：{reason}。未重复保存。"
        "如仍需处理，请由财务恢复该单据。"
    )


class DocumentSetAside(Refusal):
    """Nothing is done with what a person has set aside."""

    kind = Kind.CONFLICT
    code = "invoice_document_set_aside"
    en = (
        "Invoice document {document_id} was set aside by {by}: {reason}. Nothing is done with it"
        " unless finance takes it up again (take-up)."
    )
    zh = "发票文件 {document_id} 已由 {by} 搁置：{reason}。如需处理，请先由财务恢复（take-up）。"


class DocumentNotSetAside(Refusal):
    """Only what was set aside can be taken up again."""

    kind = Kind.CONFLICT
    code = "invoice_document_not_set_aside"
    en = "Invoice document {document_id} is not set aside: go on with it as it is."
    zh = "发票文件 {document_id} 未被搁置，可直接处理。"


class DocumentBooked(Refusal):
    """What is booked counts: it is the invoice about which is decided."""

    kind = Kind.CONFLICT
    code = "invoice_document_booked"
    en = (
        "Invoice document {document_id} is booked as invoice {invoice_id}. If that is not to"
        " count, refuse the invoice instead: the document is then listed as dropped."
    )
    zh = (
        "发票文件 {document_id} 已入账为发票 {invoice_id}。"
        "如不应入账，请改为拒收该发票，文件将列入 dropped。"
    )


class NotReadYet(Refusal):
    """The document is not where this step can be taken."""

    kind = Kind.CONFLICT
    code = "invoice_document_not_ready"
    en = "Invoice document {document_id} is {document_status}; it has to be {needed} for this."
    zh = "发票文件 {document_id} 当前状态为 {document_status}，此操作要求状态为 {needed}。"


class DoubtsLeft(Refusal):
    """Fields that nobody looked at yet."""

    kind = Kind.RULE
    code = "invoice_fields_in_doubt"
    en = "Correct or accept these fields first: {fields}."
    zh = "请先更正或确认以下字段：{fields}。"


class BadField(Refusal):
    """A field that is no field, or a value that it can't have."""

    kind = Kind.RULE
    code = "invoice_fields_invalid"
    en = "These fields have no usable value: {fields}."
    zh = "以下字段的值无效：{fields}。"


class SellerUnknown(Refusal):
    """Items are remembered by the names of one seller: it must be clear whose invoice it is."""

    kind = Kind.CONFLICT
    code = "invoice_seller_unknown"
    en = (
        "No supplier, or more than one, has the tax id {tax_id}: nobody's names of items can be"
        " kept. Set the tax id at its supplier first, or leave the items out."
    )
    zh = (
        "没有供应商或有多个供应商的税号为 {tax_id}，无法记录商品名称对应关系。"
        "请先在供应商资料中维护税号，或不填写商品。"
    )
