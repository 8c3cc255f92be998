"""Scan sessions: one user with one device at one warehouse, for a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from servicekit.errors import Kind, Refusal

CLOCKS_APART = timedelta(minutes=5)
"""By how much a device's clock may differ from ours."""


class UnknownSession(Refusal):
    """There is no such session."""

    kind = Kind.NOT_FOUND
    code = "unknown_scan_session"
    en = "There is no scan session {session_id}. Open one by choosing a warehouse."
    zh = "不存在扫码会话 {session_id}。请先选择仓库并打开会话。"


class NoSession(Refusal):
    """The caller has no open session."""

    kind = Kind.NOT_FOUND
    code = "no_scan_session"
    en = "No scan session is open. Open one by choosing a warehouse or scanning its entry code."
    zh = "没有打开的扫码会话。请选择仓库或扫描仓库入口码打开会话。"


class SessionOfOthers(Refusal):
    """A session is its user's and its device's."""

    kind = Kind.FORBIDDEN
    code = "scan_session_of_others"
    en = "Session {session_id} is of user {user_id} with device {device_id}. Open your own."
    zh = "会话 {session_id} 属于用户 {user_id} 和设备 {device_id}。请打开自己的会话。"


class SessionEnded(Refusal):
    """What happened after a session's end happened without a session."""

    kind = Kind.CONFLICT
    code = "scan_session_ended"
    en = "Session {session_id} ended at {ended_at}. Open a new one; what was scanned is kept."
    zh = "会话 {session_id} 已于 {ended_at} 结束。请打开新会话；已扫内容会保留。"


class SessionOpen(Refusal):
    """What a running session holds is not taken over."""

    kind = Kind.CONFLICT
    code = "scan_session_open"
    en = "Session {session_id} of user {user_id} is still open. Close it first."
    zh = "用户 {user_id} 的会话 {session_id} 仍在进行。请先结束该会话。"


class OtherWarehouse(Refusal):
    """Work of one warehouse does not go on in another."""

    kind = Kind.CONFLICT
    code = "scan_session_of_other_warehouse"
    en = "That session is for warehouse {theirs}, yours is for {ours}. Open one for {theirs}."
    zh = "该会话属于仓库 {theirs}，当前会话属于 {ours}。请打开仓库 {theirs} 的会话。"


class ScannedBefore(Refusal):
    """The scan is older than the session."""

    code = "scanned_without_session"
    en = "This was scanned at {scanned_at}, before the session was opened at {opened_at}."
    zh = "该次扫描发生于 {scanned_at}，早于会话打开时间 {opened_at}。请在会话内重新扫描。"


class ScannedAhead(Refusal):
    """The device's clock is ahead of ours."""

    code = "scanned_in_future"
    en = "This was scanned at {scanned_at}, which is still to come. Set the device's clock."
    zh = "扫描时间 {scanned_at} 晚于当前时间。请校准设备时钟。"


class WarehouseNotChosen(Refusal):
    """Nothing is taken for granted: not even the only warehouse."""

    code = "warehouse_not_chosen"
    en = "Choose a warehouse or scan its entry code. You may work in: {warehouses}."
    zh = "请选择仓库或扫描仓库入口码。您可在以下仓库作业：{warehouses}。"


class WarehouseForbidden(Refusal):
    """The user does not work there."""

    kind = Kind.FORBIDDEN
    code = "warehouse_forbidden"
    en = (
        "You are not assigned to warehouse {warehouse_id} of site {site_id}, but to: {warehouses}."
        " Ask the shop manager."
    )
    zh = (
        "您未被分配到门店 {site_id} 的仓库 {warehouse_id}；您可在以下仓库作业：{warehouses}。"
        "请联系店长。"
    )


class End(StrEnum):
    """Why a session ended."""

    CLOSED = "closed"
    REPLACED = "replaced"
    """Its user or its device opened another one."""
    REVOKED = "revoked"
    """Its device is no longer trusted."""
    EXPIRED = "expired"


@dataclass(eq=False)
class ScanSession:
    """A user's session."""

    session_id: UUID
    site_id: str
    warehouse_id: str
    user_id: str
    device_id: str
    opened_at: datetime
    expires_at: datetime
    scans: int = 0
    """Numbers given to scans so far."""
    work_id: UUID | None = None
    """What goods that are scanned now are for."""
    ended_at: datetime | None = None
    end: End | None = None

    def over_since(self, at: datetime) -> datetime | None:
        """Return when the session ended, if it has by now; by time it ends without being told."""
        if self.ended_at is None and at >= self.expires_at:
            return self.expires_at
        return self.ended_at

    def finish(self, end: End, at: datetime) -> bool:
        """End the session; one whose time was over before ended then. Return whether it was not."""
        if self.ended_at is not None:
            return False
        late = at >= self.expires_at
        self.ended_at = self.expires_at if late else at
        self.end = End.EXPIRED if late else end
        return True

    def must_be_of(self, user_id: str, device_id: str) -> None:
        """Raise `SessionOfOthers` for another user or another device."""
        if (user_id, device_id) != (self.user_id, self.device_id):
            raise SessionOfOthers(
                session_id=self.session_id, user_id=self.user_id, device_id=self.device_id
            )

    def must_be_open(self, at: datetime) -> None:
        """Raise `SessionEnded` unless the session runs."""
        ended_at = self.over_since(at)
        if ended_at is not None:
            raise SessionEnded(session_id=self.session_id, ended_at=ended_at.isoformat())

    def must_contain(self, scanned_at: datetime, at: datetime) -> None:
        """Raise unless the scan was made while the session ran, however late it arrives."""
        if scanned_at < self.opened_at - CLOCKS_APART:
            raise ScannedBefore(
                scanned_at=scanned_at.isoformat(), opened_at=self.opened_at.isoformat()
            )
        if scanned_at > at + CLOCKS_APART:
            raise ScannedAhead(scanned_at=scanned_at.isoformat())
        ended_at = self.over_since(at)
        if ended_at is not None and scanned_at >= ended_at:
            raise SessionEnded(session_id=self.session_id, ended_at=ended_at.isoformat())

    def must_let_go(self, to: "ScanSession", at: datetime) -> None:
        """Raise unless the other session may take over what this one holds."""
        if self.over_since(at) is None:
            raise SessionOpen(session_id=self.session_id, user_id=self.user_id)
        if (self.site_id, self.warehouse_id) != (to.site_id, to.warehouse_id):
            raise OtherWarehouse(theirs=self.warehouse_id, ours=to.warehouse_id)


def must_work_in(site_id: str, warehouse_id: str | None, assigned: Collection[str]) -> str:
    """Return the warehouse chosen, or raise unless it is one that the user works in."""
    warehouses = sorted(assigned)
    if warehouse_id is None:
        raise WarehouseNotChosen(warehouses=_listed(warehouses))
    if warehouse_id not in assigned:
        raise WarehouseForbidden(
            site_id=site_id, warehouse_id=warehouse_id, warehouses=_listed(warehouses)
        )
    return warehouse_id


def _listed(warehouses: Sequence[str]) -> str:
    return ", ".join(warehouses) or "-"
