"""Photos of what was signed at the door: who took over which goods, as it stands on paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from servicekit.errors import Kind, Refusal

PHOTOS_MAX = 10
PHOTO_BYTES_MAX = 8 * 1024 * 1024
KINDS = ("jpeg", "png")


class PhotoRefused(Refusal):
    """The file is no photo, or one that nobody should have to open."""

    code = "photo_refused"
    en = "The file is refused ({cause}): {advice_en}"
    zh = "文件被拒绝（{cause}）：{advice_zh}"

    CAUSES: ClassVar[dict[str, tuple[str, str]]] = {
        "file_empty": ("it is empty. Take the photo again.", "文件为空，请重新拍照。"),
        "file_type_unknown": ("send a JPEG or a PNG.", "请上传 JPEG 或 PNG 图片。"),
        "file_mislabelled": (
            "it is not what its Content-Type says. Send it under its real type.",
            "文件内容与 Content-Type 不符，请按实际类型上传。",
        ),
        "file_truncated": ("its end is missing. Send it again.", "文件不完整，请重新上传。"),
        "file_too_large": (
            "it has more than 8 MiB. Take it with a lower resolution.",
            "文件超过 8 MiB，请降低分辨率后重新拍照。",
        ),
    }
    OTHER = ("it is damaged or too large. Take the photo again.", "图片损坏或过大，请重新拍照。")

    @classmethod
    def because(cls, cause: str) -> "PhotoRefused":
        """Return the refusal for a cause."""
        advice_en, advice_zh = cls.CAUSES.get(cause, cls.OTHER)
        return cls(cause=cause, advice_en=advice_en, advice_zh=advice_zh)


class PhotosEnough(Refusal):
    """A signed note has few pages."""

    kind = Kind.CONFLICT
    code = "photos_enough"
    en = "Receipt {number} has {count} photos already, which is the most. Nothing was stored."
    zh = "收货单 {number} 已有 {count} 张照片，达到上限，未保存。"


class PhotoOfCancelled(Refusal):
    """Nothing was taken over with a receipt that was given up."""

    kind = Kind.CONFLICT
    code = "photo_of_cancelled_receipt"
    en = "Receipt {number} was cancelled. Attach the photo to the receipt that stands."
    zh = "收货单 {number} 已取消。请将照片附到有效的收货单。"


class UnknownPhoto(Refusal):
    """The receipt has no such photo."""

    kind = Kind.NOT_FOUND
    code = "unknown_photo"
    en = "Receipt {receipt_id} has no photo {photo_id}."
    zh = "收货单 {receipt_id} 没有照片 {photo_id}。"


@dataclass(eq=False, kw_only=True)
class Photo:
    """What is known of a photo; the file itself is kept elsewhere, under its name."""

    photo_id: UUID
    receipt_id: UUID
    kind: str
    size_bytes: int
    sha256: str
    attached_at: datetime
    attached_by: str

    @property
    def name(self) -> str:
        """Return what the file is called where it is kept: the same photo, the same name."""
        return f"receipts/{self.receipt_id}/{self.sha256}.{self.kind}"
