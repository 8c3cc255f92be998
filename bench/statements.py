"""What a service asks of its database, read from the server's log, and what a script asks of it.

A ratio to pgbench is worth as much as the two doing the same. So the statements of one real
request are written down by the server itself and compared with the script before anything is
measured; when the use case changes, the benchmark fails until the script follows.
"""

import re
from collections.abc import Iterable

ENTRY = re.compile(
    r"^\S+ \S+ \S+ \[\d+\] (?P<user>\w+)@\w+ LOG:  (?:statement|execute [^:]+): (?P<sql>.*)$"
)
NEW_LINE = re.compile(r"^\S+ \S+ \S+ \[\d+\] ")
COMMENT = re.compile(r"--.*$", re.MULTILINE)
VERB = re.compile(r"^(select|insert|update|delete|with)\b", re.IGNORECASE)
TABLE = re.compile(r"\b(?:from|into|update|join)\s+(?!unnest\b)([a-z_]+)", re.IGNORECASE)
LOCKS = re.compile(r"\bfor (no key )?update\b", re.IGNORECASE)


def logged(text: str, user: str) -> list[str]:
    """Return the statements of a user in the order in which the server wrote them down."""
    found: list[str] = []
    ours = False
    for line in text.splitlines():
        if entry := ENTRY.match(line):
            ours = entry["user"] == user
            if ours:
                found.append(entry["sql"])
        elif NEW_LINE.match(line):
            ours = False
        elif ours:
            found[-1] += "\n" + line
    return found


def scripted(text: str) -> list[str]:
    """Return the statements of a pgbench script."""
    lines = (line for line in COMMENT.sub("", text).splitlines() if not line.startswith("\\set"))
    whole = re.sub(r"\\gset\b", ";", "\n".join(lines))
    return [one.strip() for one in whole.split(";") if one.strip()]


def shape(statements: Iterable[str]) -> list[str]:
    """Return what each statement does to which table; a statement for each of several rows is one.

    Beginning, end and the pool's question whether a connection still lives are left out.
    """
    shapes: list[str] = []
    for statement in statements:
        verb = VERB.match(statement.strip())
        if verb is None:
            continue
        table = TABLE.search(statement)
        lock = " locked" if LOCKS.search(statement) else ""
        one = f"{verb[1].lower()} {table[1].lower() if table else '-'}{lock}"
        if not shapes or shapes[-1] != one:
            shapes.append(one)
    return shapes
