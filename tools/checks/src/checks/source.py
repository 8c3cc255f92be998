"""Python files as the rules see them: where a file stands, its tree, and its lines of code."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

# Folders that hold what tools make, not what people write.
MADE_BY_TOOLS = frozenset({"__pycache__", "build", "dist", "node_modules", "var"})
LAYOUT_TOKENS = frozenset(
    {
        tokenize.COMMENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
        tokenize.INDENT,
        tokenize.NEWLINE,
        tokenize.NL,
    }
)


@dataclass(frozen=True)
class Finding:
    """A broken rule, and where."""

    path: PurePosixPath
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Source:
    """One Python file. `path` is relative to the root of the repository."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.parts

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    @property
    def room(self) -> str | None:
        """The room of a service's area the file belongs to, such as `domain` or `use_cases`."""
        match self.path.parts:
            case ("services", _, "src", _, _, room, *_):
                return room.removesuffix(".py")
            case _:
                return None

    @property
    def is_kit(self) -> bool:
        return self.path.is_relative_to("libs/servicekit/src")

    def code_lines(self) -> int:
        """Count the lines that hold code: no blank ones, no comments, no docstrings."""
        code: set[int] = set()
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type not in LAYOUT_TOKENS:
                code.update(range(token.start[0], token.end[0] + 1))
        return len(code - self._docstring_lines())

    def _docstring_lines(self) -> set[int]:
        lines: set[int] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                match node.body:
                    case [ast.Expr(value=ast.Constant(value=str())) as docstring, *_]:
                        last = docstring.end_lineno or docstring.lineno
                        lines.update(range(docstring.lineno, last + 1))
        return lines


def walk(root: Path) -> Iterator[Path]:
    """Yield the files people wrote, in a fixed order, past hidden and generated folders."""
    for path in sorted(root.iterdir()):
        if path.is_dir():
            if not path.name.startswith(".") and path.name not in MADE_BY_TOOLS:
                yield from walk(path)
        else:
            yield path


def read_sources(root: Path) -> list[Source]:
    """Read every Python file under the root of the repository."""
    return [
        Source(PurePosixPath(path.relative_to(root).as_posix()), path.read_text("utf-8"))
        for path in walk(root)
        if path.suffix == ".py"
    ]
