"""What a state folder says: which services, on which ports, with which passwords.

Supervisor, command line and tests all read it here, so that they agree without talking.
"""

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from devstack.databases import owner_of
from devstack.files import PRIVATE, read_json, write_json
from devstack.issuer import AUDIENCE, Issuer
from devstack.ports import LOOPBACK, remembered_ports
from devstack.postgres import SUPERUSER
from devstack.services import REGISTRY, ServiceSpec, load_registry
from servicekit.settings import LOCAL_ISSUER

SERVER_PORTS = ("postgres", "redis", "kafka", "kafka.controller")


CURRENCY = "USD"
"""The currency of the books on a local platform: that of the demo's data."""
OWN_TAX_ID = "91158813WKKHDRJHTE"
"""To whom invoices are made out there."""


@dataclass(frozen=True)
class Wishes:
    """What whoever brought the stack up asked for."""

    registry: str = REGISTRY
    services: tuple[str, ...] = ()
    # A stack that belongs to a process ends with it, and takes its state along.
    owner_pid: int | None = None
    owner_started: float | None = None
    brief: bool = False

    @classmethod
    def read(cls, state: Path) -> "Wishes":
        """Return the wishes kept in the state folder."""
        kept: dict[str, Any] = read_json(state / "wishes.json") or {}
        return cls(**{**kept, "services": tuple(kept.get("services", ()))})

    def write(self, state: Path) -> None:
        """Keep them for the supervisor, and for the next look at this stack."""
        write_json(state / "wishes.json", asdict(self))


class Blueprint:
    """Everything that can be known about a stack without asking whether it runs."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.wishes = Wishes.read(state)
        self.services = load_registry(self.wishes.registry, self.wishes.services)
        self.issuer = Issuer(state / "issuer")

    def draw(self) -> None:
        """Choose what has to be chosen: free ports, passwords, a key, tokens."""
        # Others may pass through, for PostgreSQL's account has to; secrets have modes of their own.
        self.state.chmod(0o711)
        names = [*SERVER_PORTS, *(name for name, _ in self.process_names())]
        remembered_ports(self.state / "ports.json", names)
        roles = [role for s in self.services for role in (s.name, owner_of(s.name))]
        kept: dict[str, str] = read_json(self.state / "secrets.json") or {}
        made = {role: secrets.token_hex(16) for role in (SUPERUSER, *roles)}
        write_json(self.state / "secrets.json", made | kept, PRIVATE)
        (self.state / "work").mkdir(exist_ok=True)
        self.issuer.prepare()
        self.renew_service_tokens()

    def renew_service_tokens(self) -> None:
        """Write each service's token anew; they are read whenever they are used."""
        for service in self.services:
            self.issuer.write_service_token(service.name, self._token_file(service.name))

    def process_names(self) -> Iterator[tuple[str, tuple[ServiceSpec, str]]]:
        """Return `sales.worker` and the like, each with its service and role."""
        for service in self.services:
            for role in service.processes:
                yield f"{service.name}.{role}", (service, role)

    @cached_property
    def ports(self) -> dict[str, int]:
        """Ports by process name."""
        return dict(read_json(self.state / "ports.json") or {})

    @cached_property
    def passwords(self) -> dict[str, str]:
        """Passwords by database role."""
        return dict(read_json(self.state / "secrets.json") or {})

    def url(self, process: str) -> str:
        """Return where a process of a service answers HTTP."""
        return f"http://{LOOPBACK}:{self.ports[process]}"

    def dsn(self, role: str, database: str) -> str:
        """Return a database's address for a role."""
        port = self.ports["postgres"]
        return f"postgresql://{role}:{self.passwords[role]}@{LOOPBACK}:{port}/{database}"

    def log(self, process: str) -> Path:
        """Return where a process writes."""
        return self.state / "logs" / f"{process}.log"

    def step_environment(self, service: ServiceSpec, role: str) -> dict[str, str]:
        """Return the environment of a step that ends, such as `migrate`."""
        environment = {
            "TRUESHELF_ENVIRONMENT": "local",
            "TRUESHELF_DATABASE_URL": self.dsn(service.name, service.name),
            "TRUESHELF_KAFKA_BOOTSTRAP": f"{LOOPBACK}:{self.ports['kafka']}",
            "TRUESHELF_REDIS_URL": f"redis://{LOOPBACK}:{self.ports['redis']}/0",
            "TRUESHELF_OIDC_ISSUER": LOCAL_ISSUER,
            "TRUESHELF_OIDC_AUDIENCE": AUDIENCE,
            "TRUESHELF_OIDC_JWKS_URL": self.issuer.jwks.as_uri(),
            "TRUESHELF_SERVICE_TOKEN_FILE": str(self._token_file(service.name)),
            "TRUESHELF_CURRENCY": CURRENCY,
            "TRUESHELF_OWN_TAX_IDS": json.dumps([OWN_TAX_ID]),
            "TRUESHELF_FILES_URL": (self.state / "files").as_uri(),
            **{
                f"TRUESHELF_{name.upper()}_URL": self.url(f"{name}.api")
                for name in service.needs
                # A benchmark may do without a service that another one can do without.
                if f"{name}.api" in self.ports
            },
        }
        if role == "migrate":
            owner = self.dsn(owner_of(service.name), service.name)
            environment["TRUESHELF_MIGRATION_DATABASE_URL"] = owner
        return environment

    def process_environment(self, service: ServiceSpec, role: str) -> dict[str, str]:
        """Return the environment of a process that stays."""
        return self.step_environment(service, role) | {
            "TRUESHELF_HTTP_HOST": LOOPBACK,
            "TRUESHELF_HTTP_PORT": str(self.ports[f"{service.name}.{role}"]),
            # So long the broker waits for a consumer that was killed before another one may go on.
            **({"TRUESHELF_CONSUMER_SESSION_SECONDS": "10"} if self.wishes.brief else {}),
        }

    def _token_file(self, service: str) -> Path:
        return self.state / "tokens" / f"{service}.jwt"
