"""The same request sent again gives the same answer: a claim per caller and key.

A claim carries an id minted when the key was first seen. A command that takes several
transactions uses it as the id of what it makes, so that a repeat goes on with the same thing.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.clock import now
from servicekit.errors import Kind, Refusal
from servicekit.ids import new_id
from servicekit.tables import idempotency_claim as claims

KEPT = timedelta(days=7)


class KeyReused(Refusal):
    """The key was used before with another request."""

    kind = Kind.CONFLICT
    code = "idempotency_key_reused"
    en = "This Idempotency-Key was used for another request. Send a new key for a new request."
    zh = "此幂等键已用于另一个请求。新的请求请使用新的幂等键。"


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Claim:
    """A caller's key, the id minted for it, and the answer if there is one already."""

    subject: str
    key: str
    id: UUID
    answer: Answer | None


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """Return the hash that tells one request from another."""
    return sha256(b"\0".join((method.encode(), path.encode(), body))).digest()


async def take(session: AsyncSession, subject: str, key: str, input_hash: bytes) -> Claim:
    """Claim a key, or find what became of it; a twin in flight is waited for.

    Raises `KeyReused` if the key stands for another request.
    """
    fresh = await session.scalar(
        insert(claims)
        .values(subject=subject, key=key, input_hash=input_hash, id=new_id())
        .on_conflict_do_nothing()
        .returning(claims.c.id)
    )
    if fresh is not None:
        return Claim(subject, key, fresh, None)
    row = (
        await session.execute(
            select(claims).where(claims.c.subject == subject, claims.c.key == key)
        )
    ).one()
    if row.input_hash != input_hash:
        raise KeyReused
    answer = None if row.status is None else Answer(row.status, row.media_type, row.answer)
    return Claim(subject, key, row.id, answer)


async def settle(session: AsyncSession, claim: Claim, answer: Answer) -> None:
    """Keep the answer; the first one stays."""
    await session.execute(
        update(claims)
        .where(
            claims.c.subject == claim.subject, claims.c.key == claim.key, claims.c.status.is_(None)
        )
        .values(status=answer.status, media_type=answer.media_type, answer=answer.body)
    )


async def prune(session: AsyncSession) -> None:
    """Forget claims older than a caller can sensibly repeat (7 days)."""
    await session.execute(delete(claims).where(claims.c.claimed_at < now() - KEPT))
