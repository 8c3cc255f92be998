"""HTTP: photos of the signed note are attached to shipments, and looked at."""

from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from attachments import http
from contracts.wire import Moment
from sales.deliveries import store
from sales.deliveries.domain.photos import DeliveryPhoto
from sales.deliveries.use_cases.attach_photo import NewPhoto, attach_photo
from sales.deliveries.use_cases.receive_shipment import shipment_to_see
from sales.orders.routes import Seller
from sales.reference.routes import Reader
from sales.settings import settings_of
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    query_router,
    step_router,
)

steps = step_router("deliveries")
queries_router = query_router("deliveries")


class DeliveryPhotoOut(BaseModel):
    """A photo of the signed note; the file is at `/shipments/{shipment_id}/photos/{photo_id}`."""

    photo_id: UUID
    shipment_id: UUID
    kind: str
    size_bytes: int
    sha256: str
    attached_at: Moment
    attached_by: str


@steps.post(
    "/shipments/{shipment_id}/photos",
    status_code=201,
    responses={200: {"model": DeliveryPhotoOut}},
    openapi_extra=http.FILE,
)
async def attach(
    shipment_id: UUID,
    request: Request,
    response: Response,
    claim: CurrentClaim,
    context: CurrentContext,
    caller: Seller,
) -> DeliveryPhotoOut:
    """Attach a JPEG or PNG of the signed note (201), or say that it is attached already (200)."""
    wanted = NewPhoto(
        photo_id=claim.id,
        shipment_id=shipment_id,
        content=await request.body(),
        media_type=request.headers.get("content-type", ""),
        caller=caller,
    )
    photo, new = await attach_photo(context.database, settings_of(context).files, wanted)
    if not new:
        response.status_code = 200
    return _shown(photo)


@queries_router.get("/shipments/{shipment_id}/photos")
async def list_photos(
    shipment_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[DeliveryPhotoOut]:
    """List the photos of a shipment, the first one first."""
    await shipment_to_see(session, shipment_id, caller)
    found = await store.photos_of(session, shipment_id, paging.after_id(), paging.limit + 1)
    return paging.page([_shown(photo) for photo in found], lambda one: [one.photo_id])


@queries_router.get(
    "/shipments/{shipment_id}/photos/{photo_id}", response_class=Response, responses=http.SHOWN
)
async def read_photo(
    shipment_id: UUID, photo_id: UUID, session: Session, context: CurrentContext, caller: Reader
) -> Response:
    """Return a photo as it was attached, to who may see the shipment."""
    await shipment_to_see(session, shipment_id, caller)
    photo = await store.photo(session, shipment_id, photo_id)
    content = await settings_of(context).files.get(photo.name, photo.sha256)
    return http.shown(photo_id, photo.kind, content)


def _shown(photo: DeliveryPhoto) -> DeliveryPhotoOut:
    return DeliveryPhotoOut.model_validate(photo, from_attributes=True)
