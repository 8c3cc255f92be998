"""Photos of what was signed at the door: who took over which goods, as it stands on paper."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from servicekit.errors import Kind, Refusal


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
