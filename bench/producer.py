"""`python -m bench.producer`: a bare producer, the limit the relay is held against.

It makes its records first and counts only the time from the first send to the last
acknowledgement: no database, no bookkeeping, the same bytes to the same broker.
"""

import asyncio
import gc
import json
import sys
import time
from typing import Any

from aiokafka import AIOKafkaProducer

from bench.facts import Message, message, stock_facts

IN_FLIGHT_MAX = 5_000


async def send_all(task: dict[str, Any], messages: list[Message]) -> float:
    """Send all records and return the seconds it took."""
    producer = AIOKafkaProducer(
        bootstrap_servers=task["bootstrap"],
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=5,
        max_batch_size=task["batch_bytes"],
        max_request_size=2_000_000,
    )
    await producer.start()
    try:
        topic = task["topic"]
        await producer.partitions_for(topic)
        began = time.perf_counter()
        pending: list[asyncio.Future[Any]] = []
        for one in messages:
            receipt = await producer.send(
                topic,
                one.value,
                key=one.key,
                headers=one.headers,
                timestamp_ms=one.timestamp_ms,
            )
            pending.append(receipt)
            if len(pending) >= IN_FLIGHT_MAX:
                await asyncio.gather(*pending)
                pending.clear()
        await asyncio.gather(*pending)
        return time.perf_counter() - began
    finally:
        await producer.stop()


def main() -> None:
    """Do one leg."""
    task = json.load(sys.stdin)
    facts = stock_facts(task["site_id"], task["events"], task["keys"])
    messages = [message(fact) for fact in facts]
    gc.collect()
    gc.freeze()
    gc.disable()
    before = time.process_time()
    seconds = asyncio.run(send_all(task, messages))
    json.dump(
        {
            "events": len(messages),
            "value_bytes": sum(len(one.value) for one in messages),
            "seconds": seconds,
            "per_second": len(messages) / seconds,
            "cpu_seconds": time.process_time() - before,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
