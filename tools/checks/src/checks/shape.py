"""The rules themselves: each takes one file, or all of them, and says what is wrong."""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from checks.source import Finding, Source, read_sources, walk

FUNCTION_LINES_MAX = 40
ROOM_LINES_MAX = 200
KIT_CODE_LINES_MAX = 2_530
SHORT_ROOMS = frozenset({"domain", "use_cases"})
ONLY_THE_KIT_CALLS = frozenset({"commit", "publish"})
KIT_ERRORS = PurePosixPath("libs/servicekit/src/servicekit/errors.py")
# Put together here, so that this file does not find itself.
PROMISES = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME")) + r")\b")
TEXT_SUFFIXES = frozenset(
    {".cfg", ".ini", ".json", ".md", ".py", ".sh", ".sql", ".toml", ".txt", ".yaml", ".yml"}
)
TEXT_NAMES = frozenset({"Dockerfile", "Makefile"})


def long_functions(source: Source) -> Iterator[Finding]:
    """A function fits on one screen. Migrations are exempt: they are lists, not logic."""
    if source.is_migration:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                text = f"{node.name} has {lines} lines, at most {FUNCTION_LINES_MAX} are allowed"
                yield Finding(source.path, node.lineno, text)


def long_rooms(source: Source) -> Iterator[Finding]:
    """A domain or use case that outgrows its file becomes a folder of the same name."""
    if source.room in SHORT_ROOMS and source.lines > ROOM_LINES_MAX:
        text = f"{source.lines} lines, at most {ROOM_LINES_MAX} are allowed in a {source.room} file"
        yield Finding(source.path, 1, text)


def floats_in_domains(source: Source) -> Iterator[Finding]:
    """Quantities and money are decimals, and what is never written is never mixed in."""
    if source.room != "domain":
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Name(id="float") | ast.Constant(value=float()):
                yield Finding(source.path, node.lineno, "a domain knows no float")


def calls_of_the_kit(source: Source) -> Iterator[Finding]:
    """The kit commits at the boundary and the relay publishes; nothing else does either."""
    if source.is_kit or source.is_test:
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in ONLY_THE_KIT_CALLS:
                yield Finding(source.path, node.lineno, f".{name}() belongs to the kit alone")


def imports_of_kit_errors(source: Source) -> Iterator[Finding]:
    """Domains may import the kit's errors, so these may bring nothing else with them."""
    if source.path != KIT_ERRORS:
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=module):
                modules = [module or "."]
            case _:
                continue
        for module in modules:
            if module.partition(".")[0] not in sys.stdlib_module_names:
                text = f"imports {module}, but only the standard library is allowed"
                yield Finding(source.path, node.lineno, text)


def size_of_the_kit(sources: Iterable[Source]) -> Iterator[Finding]:
    """A shared library grows into a god unless its size is capped."""
    sizes = {source.path: source.code_lines() for source in sources if source.is_kit}
    total = sum(sizes.values())
    if total > KIT_CODE_LINES_MAX:
        largest = max(sizes, key=lambda path: sizes[path])
        text = f"the kit has {total} lines of code, at most {KIT_CODE_LINES_MAX} are allowed"
        yield Finding(largest, 1, f"{text}; this is its largest file ({sizes[largest]})")


def promises(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """What is not done yet is an issue, not a comment."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := PROMISES.search(line):
            yield Finding(path, number, f"{found.group()}: write an issue instead")


RULES: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    long_functions,
    long_rooms,
    floats_in_domains,
    calls_of_the_kit,
    imports_of_kit_errors,
)


def check_shape(root: Path) -> list[Finding]:
    """Hold every file of the repository against every rule."""
    sources = read_sources(root)
    findings = [finding for source in sources for rule in RULES for finding in rule(source)]
    findings.extend(size_of_the_kit(sources))
    for path in walk(root):
        if path.suffix in TEXT_SUFFIXES or path.name in TEXT_NAMES:
            relative = PurePosixPath(path.relative_to(root).as_posix())
            findings.extend(promises(relative, path.read_text("utf-8")))
    return findings
