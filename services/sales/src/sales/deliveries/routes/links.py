"""HTTP: links by which customers without an account sign for a shipment."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Moment, Name
from sales.deliveries.domain.links import LinkInvalid, Tries
from sales.deliveries.use_cases.make_link import make_link
from sales.deliveries.use_cases.sign_by_link import sign_by_link
from sales.orders.routes import Seller
from servicekit.auth import Unauthenticated
from servicekit.clock import now
from servicekit.context import Context
from servicekit.http.routing import RESPONSES, Session, command_router

HOURS_MAX = 720
TRIES = Tries()


class LinkRoute(APIRoute):
    """A route for who has nothing but a link's token, which is shown as a bearer token is.

    So it stands in no address, and in no log. Wrong ones are counted by client.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the endpoint: take the token, open a transaction, bound wrong tries."""
        handle = super().get_route_handler()

        async def sign(request: Request) -> Response:
            context: Context = request.app.state.context
            client = request.client.host if request.client else ""
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token:
                raise Unauthenticated(cause="send the link's token as a bearer token")
            TRIES.must_be_few(client, now())
            request.state.link_token = token
            try:
                async with context.database.transaction() as session:
                    request.state.session = session
                    return await handle(request)
            except LinkInvalid:
                TRIES.count(client, now())
                raise

        return sign


commands = command_router("deliveries")
signing = APIRouter(route_class=LinkRoute, tags=["deliveries"], responses=RESPONSES)


class LinkIn(BaseModel):
    """How long the link is to hold."""

    model_config = ConfigDict(extra="forbid")

    expires_in_hours: Annotated[int, Field(ge=1, le=HOURS_MAX, strict=True)] = 72


class LinkOut(BaseModel):
    """A link; its token is told this once, and whoever has it may sign."""

    link_id: UUID
    shipment_id: UUID
    expires_at: Moment
    token: str


class LinkSignatureIn(BaseModel):
    """Who takes the goods."""

    model_config = ConfigDict(extra="forbid")

    signed_by: Name


class LinkSignatureOut(BaseModel):
    """That it was signed; nothing is said of the shipment."""

    signed_by: str
    signed_at: Moment


@commands.post("/shipments/{shipment_id}/delivery-links", status_code=201)
async def make(shipment_id: UUID, body: LinkIn, session: Session, caller: Seller) -> LinkOut:
    """Make a link to sign for a shipment by, once; earlier ones are of no use from now on."""
    link, token = await make_link(session, shipment_id, body.expires_in_hours, caller)
    return LinkOut(
        link_id=link.link_id, shipment_id=shipment_id, expires_at=link.expires_at, token=token
    )


@signing.post("/deliveries/links/sign")
async def sign(body: LinkSignatureIn, request: Request, session: Session) -> LinkSignatureOut:
    """Sign for a shipment with the token of its link as bearer token, and without an account."""
    link = await sign_by_link(session, request.state.link_token, body.signed_by)
    if link.used_at is None or link.used_by is None:
        raise AssertionError("a link that was signed by is used")
    return LinkSignatureOut(signed_by=link.used_by, signed_at=link.used_at)
