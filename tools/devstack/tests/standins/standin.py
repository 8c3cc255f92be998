"""What both stand-in services do."""

import asyncio
import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import FrameType

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from devstack.services import ServiceSpec

SERVICES = (ServiceSpec("first"), ServiceSpec("second", needs=("first",)))


class Handler(BaseHTTPRequestHandler):
    """Health, and a look at the environment the process was given."""

    def do_GET(self) -> None:
        told = {n: v for n, v in os.environ.items() if n.startswith("TRUESHELF_")}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


async def migrate(name: str) -> None:
    owner = await asyncpg.connect(os.environ["TRUESHELF_MIGRATION_DATABASE_URL"])
    await owner.execute("create table if not exists runs (at timestamptz default now())")
    await owner.execute("insert into runs default values")
    await owner.execute(f"grant select on runs to {name}")
    await owner.close()


async def topics(name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=os.environ["TRUESHELF_KAFKA_BOOTSTRAP"])
    await admin.start()
    await admin.create_topics([NewTopic(f"{name}.thing.v1", 3, 1)])
    await admin.close()


def serve() -> None:
    def stop(_: int, __: FrameType | None) -> None:
        print("stopping kindly", flush=True)
        raise SystemExit(0)

    # As processes that hang do: SIGTERM changes nothing.
    stubborn = os.environ.get("STANDIN_STUBBORN") == "1"
    signal.signal(signal.SIGTERM, signal.SIG_IGN if stubborn else stop)
    host, port = os.environ["TRUESHELF_HTTP_HOST"], int(os.environ["TRUESHELF_HTTP_PORT"])
    HTTPServer((host, port), Handler).serve_forever()


def run(name: str) -> None:
    role = sys.argv[1]
    if os.environ.get("STANDIN_BROKEN") == role:
        raise SystemExit(f"{role} of {name} is broken on purpose")
    match role:
        case "migrate":
            asyncio.run(migrate(name))
        case "topics":
            asyncio.run(topics(name))
        case _:
            serve()
