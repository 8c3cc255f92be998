"""Scan sessions: what is scanned is bound to the warehouse that its user chose before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from servicekit.errors import Kind, Refusal


class NoSession(Refusal):
    """Nothing is scanned without a session."""

    kind = Kind.NOT_FOUND
    code = "no_scan_session"
    en = (
        "No scan session is named. Open one at inventory by choosing a warehouse or scanning its"
        " entry code, and give its session_id with each scan."
    )
    zh = (
        "未指定扫码会话。请先在库存服务选择仓库或扫描仓库入口码打开会话，"
        "并在每次扫码时给出 session_id。"
    )


class DeviceMissing(Refusal):
    """The scan does not say with which device it was made."""

    kind = Kind.INVALID
    code = "device_missing"
    en = "Send the id of a registered device in the X-Device-Id header."
    zh = "请在 X-Device-Id 请求头中给出已登记设备的编号。"


class UnknownSession(Refusal):
    """No copy of the session is here."""

    kind = Kind.NOT_FOUND
    code = "unknown_scan_session"
    en = (
        "Scan session {session_id} is not known here. Open one by choosing a warehouse, or wait a"
        " moment if it was just opened."
    )
    zh = "未找到扫码会话 {session_id}。请先选择仓库并打开会话；如刚刚打开，请稍候再试。"


class SessionOfOthers(Refusal):
    """A session is its user's and its device's."""

    kind = Kind.FORBIDDEN
    code = "scan_session_of_others"
    en = "Session {session_id} is of user {user_id} with device {device_id}. Open your own."
    zh = "会话 {session_id} 属于用户 {user_id} 和设备 {device_id}。请打开自己的会话。"


class SessionEnded(Refusal):
    """What is scanned after a session's end is scanned without a session."""

    kind = Kind.CONFLICT
    code = "scan_session_ended"
    en = "Session {session_id} ended at {ended_at}. Open a new one, then scan again."
    zh = "会话 {session_id} 已于 {ended_at} 结束。请打开新会话后重新扫码。"


class SessionElsewhere(Refusal):
    """What is scanned arrives where the session is."""

    kind = Kind.CONFLICT
    code = "scan_session_of_other_site"
    en = (
        "Session {session_id} is at site {site_id}, not {given}. Leave site_id out, or open a"
        " session at {given}."
    )
    zh = (
        "会话 {session_id} 属于门店 {site_id}，而不是 {given}。"
        "请勿填写 site_id，或在 {given} 打开会话。"
    )


@dataclass(frozen=True)
class ScanSession:
    """A session as far as is known here."""

    session_id: UUID
    site_id: str
    warehouse_id: str
    user_id: str
    device_id: str
    expires_at: datetime
    ended_at: datetime | None = None

    def must_be_of(self, user_id: str, device_id: str) -> None:
        """Raise `SessionOfOthers` for another user or another device."""
        if (user_id, device_id) != (self.user_id, self.device_id):
            raise SessionOfOthers(
                session_id=self.session_id, user_id=self.user_id, device_id=self.device_id
            )

    def must_be_open(self, at: datetime) -> None:
        """Raise `SessionEnded` unless it runs; by time it ends without being told."""
        ended_at = self.ended_at or self.expires_at
        if self.ended_at is not None or at >= self.expires_at:
            raise SessionEnded(session_id=self.session_id, ended_at=ended_at.isoformat())

    def must_be_at(self, site_id: str | None) -> None:
        """Raise `SessionElsewhere` if another site is named."""
        if site_id not in {None, self.site_id}:
            raise SessionElsewhere(session_id=self.session_id, site_id=self.site_id, given=site_id)
