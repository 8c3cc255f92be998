"""Devices of sites: what goods are scanned and weighed with."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicekit.errors import Kind, Refusal


class UnknownDevice(Refusal):
    """The site has no such device, as far as is known here."""

    kind = Kind.FORBIDDEN
    code = "unknown_device"
    en = (
        "Device {device_id} is not registered at site {site_id}. Let the shop manager register it,"
        " or wait a moment if it was just registered."
    )
    zh = "设备 {device_id} 未在门店 {site_id} 登记。请由店长登记；如刚刚登记，请稍候再试。"


class DeviceRevoked(Refusal):
    """The device is no longer trusted."""

    kind = Kind.FORBIDDEN
    code = "device_revoked"
    en = "Device {device_id} was revoked. Use another one, or register it again."
    zh = "设备 {device_id} 已注销。请换用其他设备，或重新登记。"


class NotScale(Refusal):
    """Weights come from scales alone."""

    code = "not_a_scale"
    en = (
        "Line {line_no}: device {device_id} is registered as {device_kind}, not as a scale. Weigh"
        " on a registered scale."
    )
    zh = "第 {line_no} 行：设备 {device_id} 登记为 {device_kind}，不是电子秤。请用已登记的电子秤。"


@dataclass(frozen=True)
class Device:
    """A device of a site, as far as is known here."""

    site_id: str
    device_id: str
    kind: str
    revoked: bool

    def must_be_in_use(self) -> None:
        """Raise if nothing the device sends counts any more."""
        if self.revoked:
            raise DeviceRevoked(device_id=self.device_id)

    def must_be_scale(self, line_no: int) -> None:
        """Raise unless weights may come from here."""
        self.must_be_in_use()
        if self.kind != "scale":
            raise NotScale(line_no=line_no, device_id=self.device_id, device_kind=self.kind)


@dataclass(frozen=True)
class Devices:
    """Devices of a site that somebody asked for, as far as they are known here."""

    site_id: str
    known: Mapping[str, Device]

    def find(self, device_id: str) -> Device:
        """Return one of them; raise if the site doesn't have it."""
        if device_id not in self.known:
            raise UnknownDevice(device_id=device_id, site_id=self.site_id)
        return self.known[device_id]
