"""Devices: what scans, weights, counts and documents may come from, until it is lost or sold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from servicekit.errors import Kind, Refusal


class DeviceMissing(Refusal):
    """The command does not say which device it comes from."""

    kind = Kind.INVALID
    code = "device_missing"
    en = "Send the id of a registered device in the X-Device-Id header."
    zh = "请在 X-Device-Id 请求头中给出已登记设备的编号。"


class UnknownDevice(Refusal):
    """The site has no such device."""

    kind = Kind.FORBIDDEN
    code = "unknown_device"
    en = "Device {device_id} is not registered at site {site_id}. Let the shop manager register it."
    zh = "设备 {device_id} 未在门店 {site_id} 登记。请由店长登记。"


class DeviceRevoked(Refusal):
    """The device is no longer trusted."""

    kind = Kind.FORBIDDEN
    code = "device_revoked"
    en = "Device {device_id} was revoked at {revoked_at}. Use another one, or register it again."
    zh = "设备 {device_id} 已于 {revoked_at} 注销。请换用其他设备，或重新登记。"


class NotScale(Refusal):
    """Weights come from scales alone."""

    code = "not_a_scale"
    en = "Device {device_id} is registered as {kind}, not as a scale. Weigh on a registered scale."
    zh = "设备 {device_id} 登记为 {kind}，不是电子秤。请使用已登记的电子秤称重。"


class DeviceKind(StrEnum):
    """What a device is."""

    SCANNER = "scanner"
    SCALE = "scale"
    PHONE = "phone"


@dataclass(eq=False)
class Device:
    """A device of a site."""

    site_id: str
    device_id: str
    name: str
    kind: DeviceKind
    registered_at: datetime
    registered_by: str
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def revise(self, newer: "Device") -> bool:
        """Take over the newer description; a revoked device is trusted again."""
        if self.revoked_at is None and (self.name, self.kind) == (newer.name, newer.kind):
            return False
        self.name, self.kind = newer.name, newer.kind
        self.registered_at, self.registered_by = newer.registered_at, newer.registered_by
        self.revoked_at = self.revoked_by = None
        return True

    def revoke(self, at: datetime, user_id: str) -> bool:
        """Trust the device no longer; return whether it was trusted until now."""
        if self.revoked_at is not None:
            return False
        self.revoked_at, self.revoked_by = at, user_id
        return True

    def must_be_in_use(self) -> None:
        """Raise `DeviceRevoked` if the device is no longer trusted."""
        if self.revoked_at is not None:
            revoked_at = self.revoked_at.isoformat()
            raise DeviceRevoked(device_id=self.device_id, revoked_at=revoked_at)

    def must_be_scale(self) -> None:
        """Raise unless weights may come from here."""
        self.must_be_in_use()
        if self.kind is not DeviceKind.SCALE:
            raise NotScale(device_id=self.device_id, kind=self.kind.value)


def must_be_in_use(devices: Mapping[str, Device], site_id: str, device_id: str) -> None:
    """Raise unless this is a device of the site that is still trusted."""
    if device_id not in devices:
        raise UnknownDevice(device_id=device_id, site_id=site_id)
    devices[device_id].must_be_in_use()


def must_be_scale(devices: Mapping[str, Device], site_id: str, scale_id: str) -> None:
    """Raise unless a weight of the site may come from this one of its devices."""
    if scale_id not in devices:
        raise UnknownDevice(device_id=scale_id, site_id=site_id)
    devices[scale_id].must_be_scale()
