"""Claims of many commands at once: what was answered before, and the answers to keep.

A claim is written once, with its answer, as the last thing a transaction does. A twin in another
process loses there, instead of waiting at the start as a single command does.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import LargeBinary, SmallInteger, Text, Uuid
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.driver import fetch
from servicekit.claims import Answer, KeyReused
from servicekit.columns import statement
from servicekit.ids import new_id


class Ask(NamedTuple):
    """A caller's key, and the hash of what is asked under it."""

    subject: str
    key: str
    input_hash: bytes


class KeyTakenMeanwhile(Exception):
    """A twin has kept its answer first: look again."""


# Not a join: begun from the wrong side, while the table is small, it would read all there is.
_ANSWERED = statement(
    """
    select subject, key, input_hash, status, media_type, answer from idempotency_claim
    where subject = any (:subjects) and key = any (:keys)
    """,
    subjects=Text,
    keys=Text,
)
_KEEP = statement(
    """
    insert into idempotency_claim (subject, key, input_hash, id, status, media_type, answer)
    select * from unnest(:subjects, :keys, :hashes, :ids, :statuses, :media_types, :answers)
        as kept (subject, key, input_hash, id, status, media_type, answer)
    order by subject, key
    on conflict do nothing
    returning 1
    """,
    subjects=Text,
    keys=Text,
    ids=Uuid,
    statuses=SmallInteger,
    media_types=Text,
    hashes=LargeBinary,
    answers=LargeBinary,
)


async def answered(
    session: AsyncSession, asks: Sequence[Ask]
) -> dict[tuple[str, str], Answer | KeyReused]:
    """Return what became of those keys that were used before, by subject and key."""
    asked = {(ask.subject, ask.key): ask.input_hash for ask in asks}
    given = {
        "subjects": sorted({subject for subject, _ in asked}),
        "keys": sorted({key for _, key in asked}),
    }
    return {
        (row["subject"], row["key"]): Answer(row["status"], row["media_type"], row["answer"])
        if row["input_hash"] == asked[row["subject"], row["key"]]
        else KeyReused()
        for row in await fetch(session, _ANSWERED, given)
        if (row["subject"], row["key"]) in asked
    }


async def keep(session: AsyncSession, answers: Sequence[tuple[Ask, Answer]]) -> None:
    """Claim keys together with their answers, as the last thing a transaction does.

    Raises `KeyTakenMeanwhile` if one of ours lost.
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
    if len(await fetch(session, _KEEP, given)) < len(answers):
        raise KeyTakenMeanwhile
