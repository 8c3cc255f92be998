"""Which services there are, and what each needs: the one place to add another."""

from dataclasses import dataclass
from importlib import import_module

from devstack.errors import StackError

PROCESSES = ("api", "worker", "relay")


@dataclass(frozen=True)
class ServiceSpec:
    """A service runs as `python -m <name>`; `needs` are those whose URL it is given.

    `extras` are processes that it has beside those that every service has.
    """

    name: str
    needs: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()

    @property
    def processes(self) -> tuple[str, ...]:
        """Return the names of its processes that stay."""
        return (*PROCESSES, *self.extras)


SERVICES = (
    ServiceSpec("inventory", needs=("costing",)),
    ServiceSpec("purchasing", needs=("inventory",), extras=("recognizer",)),
    ServiceSpec("sales", needs=("inventory",)),
    ServiceSpec("costing", needs=("inventory",)),
)
REGISTRY = "devstack.services:SERVICES"


def load_registry(place: str, chosen: tuple[str, ...] = ()) -> tuple[ServiceSpec, ...]:
    """Return the services at `module:name`, or those chosen from them."""
    module, _, name = place.partition(":")
    services: tuple[ServiceSpec, ...] = getattr(import_module(module), name)
    known = {service.name for service in services}
    if unknown := set(chosen) - known:
        raise StackError(f"unknown: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return tuple(service for service in services if not chosen or service.name in chosen)
