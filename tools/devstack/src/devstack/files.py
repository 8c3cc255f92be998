"""Small files that are either whole or not there, and private where they hold secrets."""

import json
import os
from pathlib import Path
from typing import Any

PRIVATE = 0o600
PUBLIC = 0o644


def write_text(path: Path, text: str, mode: int = PUBLIC) -> None:
    """Replace a file at once: a reader sees the old text or the new, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def write_json(path: Path, content: Any, mode: int = PUBLIC) -> None:
    """Write JSON the same way."""
    write_text(path, json.dumps(content, indent=2) + "\n", mode)


def read_json(path: Path) -> Any:
    """Return what the file holds, or None where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
