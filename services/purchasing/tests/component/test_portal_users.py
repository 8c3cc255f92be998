"""A person acts for one supplier, as long as the buyer says so."""

from typing import Any

import pytest

from purchasing.suppliers import store
from purchasing.suppliers.domain import NotAPortalUser


async def user(desk: Any, supplier_id: str, step: str = "", subject: str = "lin@acme") -> Any:
    path = f"/suppliers/{supplier_id}/users{step}"
    return await desk.send(path, {"subject": subject}, "buyer")


async def acts_for(desk: Any, subject: str) -> str:
    async with desk.service.context.database.transaction() as session:
        return (await store.supplier_of_user(session, subject)).supplier_id


async def test_a_person_acts_for_the_supplier_until_removed(desk: Any) -> None:
    """C2."""
    with pytest.raises(NotAPortalUser, match="acts for no supplier"):
        await acts_for(desk, "lin@acme")
    assert (await user(desk, "acme")).status_code == 201
    assert (await user(desk, "acme")).json()["supplier_id"] == "acme"
    assert await acts_for(desk, "lin@acme") == "acme"
    assert (await user(desk, "acme", "/remove")).status_code == 200
    with pytest.raises(NotAPortalUser):
        await acts_for(desk, "lin@acme")


async def test_nobody_acts_for_two_suppliers(desk: Any) -> None:
    """C2."""
    await desk.supplier(supplier_id="best")
    await user(desk, "acme")
    refused = await user(desk, "best")
    assert (refused.status_code, refused.json()["code"]) == (409, "portal_user_taken")
    other = await user(desk, "best", "/remove")
    assert (other.status_code, other.json()["code"]) == (403, "not_a_portal_user")
    assert await acts_for(desk, "lin@acme") == "acme"


async def test_users_are_listed_page_by_page_for_buyers_alone(desk: Any) -> None:
    for subject in ("c", "a", "b"):
        await user(desk, "acme", subject=subject)
    headers = desk.service.headers(["buyer"])
    path = "/suppliers/acme/users"
    first = (await desk.service.api.get(path, params={"limit": 2}, headers=headers)).json()
    rest = {"limit": 2, "cursor": first["next_cursor"]}
    last = (await desk.service.api.get(path, params=rest, headers=headers)).json()
    assert [one["subject"] for one in first["items"] + last["items"]] == ["a", "b", "c"]
    assert (await desk.read(path))["code"] == "role_missing"


async def test_an_unknown_supplier_has_no_users(desk: Any) -> None:
    assert (await user(desk, "nobody")).json()["code"] == "unknown_supplier"
