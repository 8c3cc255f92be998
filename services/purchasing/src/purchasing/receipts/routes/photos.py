"""HTTP: photos of the signed note are attached to receipts, and looked at."""

from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from attachments import http
from contracts.wire import Moment
from purchasing.receipts import queries, store
from purchasing.receipts.domain import Photo
from purchasing.receipts.routes.receipts import Clerk
from purchasing.receipts.use_cases.attach_photo import NewPhoto, attach_photo
from purchasing.reference.routes import Reader
from purchasing.settings import settings_of
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import (
    CurrentClaim,
    CurrentContext,
    Session,
    query_router,
    step_router,
)

steps = step_router("receipts")
queries_router = query_router("receipts")


class PhotoOut(BaseModel):
    """A photo of the signed note; the file is at `/receipts/{receipt_id}/photos/{photo_id}`."""

    photo_id: UUID
    receipt_id: UUID
    kind: str
    size_bytes: int
    sha256: str
    attached_at: Moment
    attached_by: str


@steps.post(
    "/receipts/{receipt_id}/photos",
    status_code=201,
    responses={200: {"model": PhotoOut}},
    openapi_extra=http.FILE,
)
async def attach(
    receipt_id: UUID,
    request: Request,
    response: Response,
    claim: CurrentClaim,
    context: CurrentContext,
    caller: Clerk,
) -> PhotoOut:
    """Attach a JPEG or PNG of the signed note (201), or say that it is attached already (200)."""
    wanted = NewPhoto(
        photo_id=claim.id,
        receipt_id=receipt_id,
        content=await request.body(),
        media_type=request.headers.get("content-type", ""),
        caller=caller,
    )
    photo, new = await attach_photo(context.database, settings_of(context).files, wanted)
    if not new:
        response.status_code = 200
    return _shown(photo)


@queries_router.get("/receipts/{receipt_id}/photos")
async def list_photos(
    receipt_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[PhotoOut]:
    """List the photos of a receipt, the first one first."""
    caller.must_cover((await queries.receipt(session, receipt_id))["site_id"])
    after = paging.after_id()
    photos = await store.photos(session, receipt_id, after=after, limit=paging.limit + 1)
    return paging.page([_shown(photo) for photo in photos], lambda one: [one.photo_id])


@queries_router.get(
    "/receipts/{receipt_id}/photos/{photo_id}",
    response_class=Response,
    responses=http.SHOWN,
)
async def read_photo(
    receipt_id: UUID, photo_id: UUID, session: Session, context: CurrentContext, caller: Reader
) -> Response:
    """Return a photo as it was attached, to who may see the receipt."""
    caller.must_cover((await queries.receipt(session, receipt_id))["site_id"])
    photo = await store.photo(session, receipt_id, photo_id)
    content = await settings_of(context).files.get(photo.name, photo.sha256)
    return http.shown(photo_id, photo.kind, content)


def _shown(photo: Photo) -> PhotoOut:
    return PhotoOut.model_validate(photo, from_attributes=True)
