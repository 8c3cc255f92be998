"""Scan sessions: at each site a clerk of its own scans with a device of its own."""

import asyncio
import time
from collections.abc import Collection
from typing import Any
from uuid import uuid4

import httpx2

from demo.client import Api
from demo.masters import WAREHOUSE
from devstack.errors import StackError
from devstack.stack import Stack

Json = dict[str, Any]
Doors = dict[str, Json]
"""By site: the session, and the headers by which its clerk says who scans with what."""
TOKEN_HOURS = 12.0
COPY_SECONDS = 60.0
LOOK_SECONDS = 0.1
NOT_YET = {"unknown_scan_session", "unknown_device"}
NO_CODE = "nothing"
"""What is scanned to see whether scanning is possible."""


async def open_doors(api: Api, stack: Stack, site_ids: Collection[str]) -> Doors:
    """Open a session at each site, and wait until purchasing knows them."""
    async with httpx2.AsyncClient(trust_env=False, timeout=COPY_SECONDS) as http:
        return {one: await _open(api, http, stack, one) for one in sorted(site_ids)}


async def _open(api: Api, http: httpx2.AsyncClient, stack: Stack, site_id: str) -> Json:
    clerk, device, key = f"clerk-{site_id}", f"gun-{site_id}", uuid4().hex
    gun = {"device_id": device, "name": device, "kind": "scanner"}
    await api.must("inventory", f"/sites/{site_id}/devices", f"{key}-gun", gun)
    workers = f"/sites/{site_id}/warehouses/{WAREHOUSE}/workers"
    await api.must("inventory", workers, f"{key}-worker", {"user_id": clerk})
    token = stack.token(clerk, ("clerk",), ("*",), TOKEN_HOURS)
    by = {"Authorization": f"Bearer {token}", "X-Device-Id": device}
    place = {"site_id": site_id, "warehouse_id": WAREHOUSE}
    url = stack.info.service_urls["inventory"] + "/scan-sessions"
    answer = await http.post(url, json=place, headers={**by, "Idempotency-Key": f"{key}-session"})
    if not answer.is_success:
        raise StackError(f"no scan session at {site_id}: {answer.text}")
    session_id: str = answer.json()["session_id"]
    await _known(http, stack.info.service_urls["purchasing"], session_id, by)
    return {"session_id": session_id, "by": "".join(f"{one}: {by[one]}\r\n" for one in by)}


async def _known(http: httpx2.AsyncClient, url: str, session_id: str, by: dict[str, str]) -> None:
    deadline = time.monotonic() + COPY_SECONDS
    body = {"code": NO_CODE, "session_id": session_id}
    while time.monotonic() < deadline:
        headers = {**by, "Idempotency-Key": uuid4().hex}
        answer = await http.post(f"{url}/receipts/openings", json=body, headers=headers)
        if answer.json().get("code") not in NOT_YET:
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise StackError(f"purchasing doesn't know scan session {session_id}: {answer.text}")
