"""Photos of what was signed when goods were handed over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from servicekit.errors import Kind, Refusal


class DeliveryPhotosEnough(Refusal):
    """A signed note has few pages."""

    kind = Kind.CONFLICT
    code = "photos_enough"
    en = "Shipment {number} has {count} photos already, which is the most. Nothing was stored."
    zh = "发货单 {number} 已有 {count} 张照片，达到上限，未保存。"


class UnknownDeliveryPhoto(Refusal):
    """The shipment has no such photo."""

    kind = Kind.NOT_FOUND
    code = "unknown_photo"
    en = "Shipment {shipment_id} has no photo {photo_id}."
    zh = "发货单 {shipment_id} 没有照片 {photo_id}。"


@dataclass(eq=False, kw_only=True)
class DeliveryPhoto:
    """What is known of a photo; the file itself is kept elsewhere, under its name."""

    site_id: str
    photo_id: UUID
    shipment_id: UUID
    kind: str
    size_bytes: int
    sha256: str
    attached_at: datetime
    attached_by: str

    @property
    def name(self) -> str:
        """Return what the file is called where it is kept: the same photo, the same name."""
        return f"shipments/{self.shipment_id}/{self.sha256}.{self.kind}"
