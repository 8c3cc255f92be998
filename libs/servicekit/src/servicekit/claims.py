"""The same request sent again gives the same answer: a claim per caller and key.

A claim carries an id minted when the key was first seen. A command that takes several
transactions uses it as the id of what it makes, so that a repeat goes on with the same thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    bindparam,
    delete,
    select,
    text,
    update,
)
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


@dataclass(frozen=True)
class Ask:
    """A caller's key, and the hash of what is asked under it."""

    subject: str
    key: str
    input_hash: bytes


class KeyTakenMeanwhile(Exception):
    """A twin has kept its answer first: look again."""


_ANSWERED = text("""
    select subject, key, input_hash, status, media_type, answer
    from unnest(:subjects, :keys) as asked (asked_subject, asked_key)
    join idempotency_claim on subject = asked_subject and key = asked_key
""").bindparams(bindparam("subjects", type_=ARRAY(Text)), bindparam("keys", type_=ARRAY(Text)))
_KEEP = text("""
    insert into idempotency_claim (subject, key, input_hash, id, status, media_type, answer)
    select * from unnest(:subjects, :keys, :hashes, :ids, :statuses, :media_types, :answers)
        as kept (subject, key, input_hash, id, status, media_type, answer)
    order by subject, key
    on conflict do nothing
    returning 1
""").bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("subjects", "keys", "media_types")),
    *(bindparam(name, type_=ARRAY(LargeBinary)) for name in ("hashes", "answers")),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("statuses", type_=ARRAY(SmallInteger)),
)


async def answered(
    session: AsyncSession, asks: Sequence[Ask]
) -> dict[tuple[str, str], Answer | KeyReused]:
    """Return what became of those keys that were used before, by subject and key."""
    asked = {(ask.subject, ask.key): ask.input_hash for ask in asks}
    given = {"subjects": [one for one, _ in asked], "keys": [one for _, one in asked]}
    return {
        (row.subject, row.key): Answer(row.status, row.media_type, row.answer)
        if row.input_hash == asked[row.subject, row.key]
        else KeyReused()
        for row in await session.execute(_ANSWERED, given)
    }


async def keep(session: AsyncSession, answers: Sequence[tuple[Ask, Answer]]) -> None:
    """Claim keys together with their answers, as the last thing a transaction does.

    For commands that are done together: it writes each claim once, and a twin elsewhere loses
    here instead of waiting at the start. Raises `KeyTakenMeanwhile` if one of ours lost.
    """
    given = {
        "subjects": [ask.subject for ask, _ in answers],
        "keys": [ask.key for ask, _ in answers],
        "hashes": [ask.input_hash for ask, _ in answers],
        "ids": [new_id() for _ in answers],
        "statuses": [answer.status for _, answer in answers],
        "media_types": [answer.media_type for _, answer in answers],
        "answers": [answer.body for _, answer in answers],
    }
    kept = await session.execute(_KEEP, given)
    if len(kept.all()) < len(answers):
        raise KeyTakenMeanwhile


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
