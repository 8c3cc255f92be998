"""What of an event may change, and what needs a new version beside the old one.

Each violation is planted on its own: in a field of the event, in a nested line, in a nullable one.
"""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.catalogue import EVENTS
from contracts.compatibility import ADVICE, changes, incompatibilities
from contracts.schemas import schema_of

Schema = dict[str, Any]
TYPE = "trueshelf.inventory.counted.v1"


def schema() -> Schema:
    """Return a schema with all that events are made of."""
    return {
        "x-type": TYPE,
        "x-topic": "inventory.count.v1",
        "title": "Counted",
        "type": "object",
        "$defs": {
            "Line": {
                "type": "object",
                "properties": {
                    "item_id": {"type": "string", "pattern": "^[a-z]+$"},
                    "quantity": {"type": "string", "format": "decimal"},
                },
                "required": ["item_id", "quantity"],
            },
            "Shelf": {
                "type": "object",
                "properties": {"inside": {"items": {"$ref": "#/$defs/Shelf"}, "type": "array"}},
            },
        },
        "properties": {
            "site_id": {"type": "string", "minLength": 1, "maxLength": 64},
            "reason": {"enum": ["loss", "error"], "type": "string"},
            "mode": {"const": "blind", "type": "string"},
            "share": {"type": "integer", "minimum": 0, "exclusiveMaximum": 100},
            "note": {"anyOf": [{"type": "string", "maxLength": 200}, {"type": "null"}]},
            "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}, "minItems": 1},
            "shelf": {"$ref": "#/$defs/Shelf"},
            "tags": {"type": "object", "additionalProperties": {"type": "string"}},
            "free": {},
        },
        "required": ["site_id", "reason", "lines"],
    }


Edit = Callable[[Schema], object]


def after(edit: Edit) -> Schema:
    changed = schema()
    edit(changed)
    return changed


def found(edit: Edit) -> list[str]:
    return [f"{change.place}: {change.text}" for change in changes(schema(), after(edit))]


def put(*path: str | int, **values: Any) -> Edit:
    """Return an edit that sets keywords of the schema at a path."""

    def edit(target: Any) -> None:
        for step in path:
            target = target[step]
        target.update(values)

    return edit


def drop(*path: str | int) -> Edit:
    """Return an edit that removes what stands at a path: a key, or an element by its value."""

    def edit(target: Any) -> None:
        for step in path[:-1]:
            target = target[step]
        target.remove(path[-1]) if isinstance(target, list) else target.pop(path[-1])

    return edit


def both(*edits: Edit) -> Edit:
    def edit(target: Schema) -> None:
        for each in edits:
            each(target)

    return edit


def require(*path: str | int) -> Edit:
    """Return an edit that makes a field required."""

    def edit(target: Any) -> None:
        for step in path[:-1]:
            target = target[step]
        target.setdefault("required", []).append(path[-1])

    return edit


FIELDS = "properties"
LINE = ("$defs", "Line")

VIOLATIONS: dict[str, tuple[Edit, str]] = {
    "a changed type": (
        put(FIELDS, "share", type="string"),
        "share: changed its type from integer to string",
    ),
    "a widened type": (
        put(FIELDS, "share", type="number"),
        "share: changed its type from integer to number",
    ),
    "a field that may be null now": (
        put(FIELDS, "site_id", type=["string", "null"]),
        "site_id: changed its type from string to null, string",
    ),
    "a field that may not be null any more": (
        put(FIELDS, note={"type": "string", "maxLength": 200}),
        "note: changed its type from null, string to string",
    ),
    "a field that had any type": (
        put(FIELDS, free={"type": "string"}),
        "free: changed its type from anything to string",
    ),
    "a changed type in a line": (
        put(*LINE, FIELDS, "quantity", type="number"),
        "lines[].quantity: changed its type from string to number",
    ),
    "a changed type of elements": (
        put(FIELDS, "lines", items={"type": "string"}),
        "lines[]: changed its type from object to string",
    ),
    "a changed type of values": (
        put(FIELDS, "tags", additionalProperties={"type": "integer"}),
        "tags.*: changed its type from string to integer",
    ),
    "a new required field": (
        both(put(FIELDS, zone={"type": "string"}), require("zone")),
        "zone: is new, and required",
    ),
    "an optional field that is required now": (
        require("note"),
        "note: is required now",
    ),
    "a new required field in a line": (
        both(put(*LINE, FIELDS, batch={"type": "string"}), require(*LINE, "batch")),
        "lines[].batch: is new, and required",
    ),
    "a removed required field": (
        both(drop(FIELDS, "site_id"), drop("required", "site_id")),
        "site_id: is gone, and was required",
    ),
    "a required field that may be missing now": (
        drop("required", "reason"),
        "reason: is no longer required",
    ),
    "a removed required field in a line": (
        both(drop(*LINE, FIELDS, "quantity"), drop(*LINE, "required", "quantity")),
        "lines[].quantity: is gone, and was required",
    ),
    "a narrowed enum": (
        drop(FIELDS, "reason", "enum", "loss"),
        "reason: no longer takes loss",
    ),
    "an enum where there was none": (
        put(FIELDS, "site_id", enum=["S1"]),
        "site_id: takes only S1 now",
    ),
    "another const": (
        put(FIELDS, "mode", const="open"),
        "mode: no longer takes blind",
    ),
    "an enum narrowed to a const": (
        put(FIELDS, reason={"type": "string", "const": "loss"}),
        "reason: no longer takes error",
    ),
    "a pattern where there was none": (
        put(FIELDS, "site_id", pattern="^[A-Z]"),
        "site_id: changed its pattern to ^[A-Z]",
    ),
    "another pattern": (
        put(*LINE, FIELDS, "item_id", pattern="^[a-z]{3}$"),
        "lines[].item_id: changed its pattern from ^[a-z]+$ to ^[a-z]{3}$",
    ),
    "another format": (
        put(*LINE, FIELDS, "quantity", format="uuid"),
        "lines[].quantity: changed its format from decimal to uuid",
    ),
    "no format any more": (
        drop(*LINE, FIELDS, "quantity", "format"),
        "lines[].quantity: changed its format from decimal to None",
    ),
    "a higher lower bound": (
        put(FIELDS, "share", minimum=1),
        "share: tightened minimum from 0 to 1",
    ),
    "a lower bound that excludes itself now": (
        both(drop(FIELDS, "share", "minimum"), put(FIELDS, "share", exclusiveMinimum=0)),
        "share: tightened exclusiveMinimum from none to 0",
    ),
    "a lower upper bound": (
        put(FIELDS, "share", exclusiveMaximum=50),
        "share: tightened exclusiveMaximum from 100 to 50",
    ),
    "a shorter text": (
        put(FIELDS, "site_id", maxLength=32),
        "site_id: tightened maxLength from 64 to 32",
    ),
    "a longer shortest text": (
        put(FIELDS, "site_id", minLength=2),
        "site_id: tightened minLength from 1 to 2",
    ),
    "a bound where there was none": (
        put(FIELDS, "lines", maxItems=500),
        "lines: tightened maxItems from none to 500",
    ),
    "more elements at least": (
        put(FIELDS, "lines", minItems=2),
        "lines: tightened minItems from 1 to 2",
    ),
    "a shorter text where null is allowed": (
        put(FIELDS, "note", "anyOf", 0, maxLength=100),
        "note: tightened maxLength from 200 to 100",
    ),
    "unknown fields that are refused now": (
        put(additionalProperties=False),
        ": refuses fields it does not know now",
    ),
    "a keyword nobody taught the check": (
        put(FIELDS, "tags", propertyNames={"maxLength": 3}),
        "tags: changed propertyNames, which this check can't judge",
    ),
    "elements that may not repeat": (
        put(FIELDS, "lines", uniqueItems=True),
        "lines: changed uniqueItems, which this check can't judge",
    ),
    "a change inside of what contains itself": (
        put("$defs", "Shelf", FIELDS, inside={"type": "string"}),
        "shelf.inside: changed its type from array to string",
    ),
}

HARMLESS: dict[str, Edit] = {
    "nothing": lambda _: None,
    "a new optional field": put(FIELDS, zone={"type": "string"}),
    "a new optional field in a line": put(*LINE, FIELDS, batch={"type": "string"}),
    "a removed optional field": drop(FIELDS, "note"),
    "other words": put(title="Recounted", description="What was counted.", examples=[{}]),
    "other words for a field": put(FIELDS, "site_id", description="Where.", default="S1"),
    "a field that is on its way out": put(FIELDS, "note", deprecated=True),
    "a widened enum": put(FIELDS, "reason", enum=["loss", "error", "theft"]),
    "an enum that became free text": drop(FIELDS, "reason", "enum"),
    "a const that became an enum": put(FIELDS, mode={"type": "string", "enum": ["open", "blind"]}),
    "a pattern less": drop(*LINE, FIELDS, "item_id", "pattern"),
    "a longer text": put(FIELDS, "site_id", maxLength=128),
    "a bound less": drop(FIELDS, "site_id", "maxLength"),
    "a bound that includes itself now": both(
        drop(FIELDS, "share", "exclusiveMaximum"), put(FIELDS, "share", maximum=100)
    ),
    "more room where null is allowed": put(FIELDS, "note", "anyOf", 0, maxLength=500),
    "alternatives in another order": put(
        FIELDS, note={"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 200}]}
    ),
    "one more alternative of the same type": put(
        FIELDS,
        note={
            "anyOf": [{"type": "string", "maxLength": 200}, {"type": "string"}, {"type": "null"}]
        },
    ),
    "a definition with another name": both(
        lambda s: s["$defs"].update(CountedLine=s["$defs"].pop("Line")),
        put(FIELDS, "lines", items={"$ref": "#/$defs/CountedLine"}),
    ),
    "a definition written in place": put(FIELDS, "lines", items=schema()["$defs"]["Line"]),
    "fields required in another order": lambda s: s["required"].reverse(),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_is_refused(name: str) -> None:
    edit, text = VIOLATIONS[name]
    assert found(edit) == [text]


@pytest.mark.parametrize("name", HARMLESS)
def test_is_welcome(name: str) -> None:
    assert found(HARMLESS[name]) == []


def test_a_gone_alternative_is_refused() -> None:
    alternatives = [{"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}]
    old, new = {"anyOf": alternatives}, {"anyOf": alternatives[:1]}
    assert [change.text for change in changes(old, new)] == ["changed its pattern from ^b to ^a"]
    assert changes(new, old) == []


def test_several_violations_are_all_named() -> None:
    edits = [VIOLATIONS["a narrowed enum"][0], VIOLATIONS["a shorter text"][0]]
    assert found(both(*edits)) == [
        "reason: no longer takes loss",
        "site_id: tightened maxLength from 64 to 32",
    ]


@given(
    st.lists(st.sampled_from(sorted(VIOLATIONS)), unique=True, max_size=2),
    st.lists(st.sampled_from(["other words", "a new optional field", "a longer text"])),
)
def test_no_harmless_change_hides_a_violation(planted: list[str], harmless: list[str]) -> None:
    """Whatever else changed: nothing planted is nothing found, and the other way round."""
    expected = {VIOLATIONS[name][1].partition(":")[0] for name in planted}
    edit = both(*(HARMLESS[name] for name in harmless), *(VIOLATIONS[n][0] for n in planted))
    try:
        changed = after(edit)
    except (KeyError, ValueError, IndexError, TypeError):
        return  # the second edit found no place any more after the first one
    places = {change.place for change in changes(schema(), changed)}
    assert bool(places) == bool(expected)


def test_comparing_changes_nothing() -> None:
    old, new = schema(), after(VIOLATIONS["a narrowed enum"][0])
    before = copy.deepcopy((old, new))
    changes(old, new)
    assert (old, new) == before


def test_an_event_that_is_gone_or_renamed_is_refused() -> None:
    renamed = {"trueshelf.inventory.recounted.v1": schema()}
    assert [str(violation) for violation in incompatibilities({TYPE: schema()}, renamed)] == [
        f"{TYPE}: is gone or has another name; {ADVICE}"
    ]


def test_an_event_that_moved_to_another_topic_is_refused() -> None:
    moved = {TYPE: {**schema(), "x-topic": "inventory.count.v2"}}
    assert [str(violation) for violation in incompatibilities({TYPE: schema()}, moved)] == [
        f"{TYPE}: moved from topic inventory.count.v1 to inventory.count.v2; {ADVICE}"
    ]


def test_a_new_event_and_a_new_version_beside_the_old_one_are_welcome() -> None:
    second = {**schema(), "x-topic": "inventory.count.v2", "type": "array"}
    new = {TYPE: schema(), TYPE.replace(".v1", ".v2"): second}
    assert incompatibilities({TYPE: schema()}, new) == []


def test_a_violation_says_where_what_and_what_to_do() -> None:
    edit, _ = VIOLATIONS["a changed type in a line"]
    assert [
        str(violation) for violation in incompatibilities({TYPE: schema()}, {TYPE: after(edit)})
    ] == [f"{TYPE} lines[].quantity: changed its type from string to number; make a v2 beside it"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_event_is_compatible_with_itself_and_not_with_another_type(event: Any) -> None:
    real = schema_of(event)
    assert changes(real, copy.deepcopy(real)) == []
    for name in real["properties"]:
        broken = copy.deepcopy(real)
        broken["properties"][name] = {"type": "array", "items": {"type": "boolean"}}
        assert {change.place for change in changes(real, broken)} <= {name, f"{name}[]"}
        assert changes(real, broken)
