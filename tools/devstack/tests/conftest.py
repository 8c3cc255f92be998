"""Stacks of stand-in services: the mechanism is the same, and the tests need no real ones."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devstack.stack import Stack

pytest_plugins = ["devstack.testing"]

STANDINS = Path(__file__).parent / "standins"


@pytest.fixture
def standin_stack(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Stack]]:
    """Call it for a stack of stand-ins in a folder of its own; it is gone after the test."""
    monkeypatch.syspath_prepend(STANDINS)
    monkeypatch.setenv("PYTHONPATH", str(STANDINS))
    monkeypatch.setenv("TRUESHELF_REQUIRE_KAFKA", "1")
    made: list[Stack] = []

    def make(state: Path | None = None, *, bound: bool = True) -> Stack:
        folder = state or tmp_path_factory.mktemp("stack") / "state"
        stack = Stack(folder, registry="standin:SERVICES", bound=bound, brief=True)
        made.append(stack)
        return stack

    yield make
    for stack in made:
        stack.destroy()
