"""What of an event may change without a new version: pure comparison of two JSON Schemas.

Optional fields may come and go, and what is loosened passes; readers are then brought up to date
before writers. Everything else would make a reader refuse, or misread, what a writer of another
version sends, and needs a v2 beside the v1. Where it can't be told whether a change tightens
(another pattern, a keyword this file does not know), it counts as one that does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

ADVICE = "make a v2 beside it"
REFERENCE = "#/$defs/"

# Say something about a schema, not about what fits it.
NOTES = frozenset(
    {"$comment", "$defs", "$id", "$schema", "default", "deprecated", "description", "examples"}
    | {"title", "x-topic", "x-type"}
)
LOWER = (("minimum", "exclusiveMinimum"), ("minLength",), ("minItems",), ("minProperties",))
UPPER = (("maximum", "exclusiveMaximum"), ("maxLength",), ("maxItems",), ("maxProperties",))
ALTERNATIVES = ("anyOf", "oneOf")
JUDGED = frozenset(
    {"additionalProperties", "const", "enum", "format", "items", "pattern", "properties"}
    | {"required", "type", *ALTERNATIVES}
    | {name for names in (*LOWER, *UPPER) for name in names}
)
ANYTHING: frozenset[str] = frozenset({"anything"})


@dataclass(frozen=True)
class Violation:
    """One incompatible change: of which event, where in it, and what."""

    event: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{' '.join(filter(None, (self.event, self.place)))}: {self.text}; {ADVICE}"


@dataclass(frozen=True)
class Change:
    """An incompatible change within one schema."""

    place: str
    text: str


Rule = Callable[[str, Schema, Schema], Iterator[Change]]


def incompatibilities(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> list[Violation]:
    """Compare all events of two versions, by type. New types are welcome."""
    found = []
    for name, before in sorted(old.items()):
        after = new.get(name)
        if after is None:
            found.append(Violation(name, "", "is gone or has another name"))
            continue
        if before.get("x-topic") != after.get("x-topic"):
            text = f"moved from topic {before.get('x-topic')} to {after.get('x-topic')}"
            found.append(Violation(name, "", text))
        found += [Violation(name, change.place, change.text) for change in changes(before, after)]
    return found


def changes(old: Schema, new: Schema) -> list[Change]:
    """Return the incompatible changes from one schema to the other."""
    return list(_compare("", _inline(old, old), _inline(new, new)))


def _inline(part: Any, root: Schema, opened: frozenset[str] = frozenset()) -> Any:
    """Put definitions where they are referred to; one within itself stays a reference."""
    if isinstance(part, list):
        return [_inline(each, root, opened) for each in part]
    if not isinstance(part, Mapping):
        return part
    name = part.get("$ref")
    if isinstance(name, str) and name.startswith(REFERENCE) and name not in opened:
        target = root["$defs"][name.removeprefix(REFERENCE)]
        siblings = {key: value for key, value in part.items() if key != "$ref"}
        return _inline({**target, **siblings}, root, opened | {name})
    return {key: _inline(each, root, opened) for key, each in part.items() if key != "$defs"}


def _compare(place: str, old: Any, new: Any) -> Iterator[Change]:
    before, after = _as_schema(old), _as_schema(new)
    types, present = _types(before), _types(after)
    if types != present:
        yield Change(place, f"changed its type from {_listed(types)} to {_listed(present)}")
        return
    for rule in RULES:
        yield from rule(place, before, after)


def _as_schema(value: Any) -> Schema:
    """Spell `true` and `false` out: everything fits, nothing fits."""
    if isinstance(value, Mapping):
        return value
    return {} if value else {"not": {}}


def _types(schema: Schema) -> frozenset[str]:
    declared = schema.get("type")
    if declared is not None:
        return frozenset([declared] if isinstance(declared, str) else declared)
    values = _values(schema)
    if values is not None:
        return frozenset(_type_of(value) for value in values)
    alternatives = _alternatives(schema)
    if alternatives:
        return frozenset[str]().union(*(_types(_as_schema(each)) for each in alternatives))
    return ANYTHING


def _type_of(value: object) -> str:
    names = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def _values(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values: list[Any] | None = schema.get("enum")
    return values


def _alternatives(schema: Schema) -> list[Any]:
    return [each for name in ALTERNATIVES for each in schema.get(name, ())]


def _narrowed_values(place: str, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = _values(old), _values(new)
    if after is None:
        return
    if before is None:
        yield Change(place, f"takes only {_listed(after)} now")
    elif gone := [value for value in before if value not in after]:
        yield Change(place, f"no longer takes {_listed(gone)}")


def _other_text(place: str, old: Schema, new: Schema) -> Iterator[Change]:
    if old.get("format") != new.get("format"):
        text = f"changed its format from {old.get('format')} to {new.get('format')}"
        yield Change(place, text)
    if "pattern" in new and old.get("pattern") != new["pattern"]:
        before = f"from {old['pattern']} to" if "pattern" in old else "to"
        yield Change(place, f"changed its pattern {before} {new['pattern']}")


def _tightened_bounds(place: str, old: Schema, new: Schema) -> Iterator[Change]:
    for names, sign in (*((names, 1) for names in LOWER), *((names, -1) for names in UPPER)):
        before, after = _bound(old, names, sign), _bound(new, names, sign)
        if after is not None and (before is None or after > before):
            name = next(name for name in reversed(names) if name in new)
            yield Change(place, f"tightened {name} from {old.get(name, 'none')} to {new[name]}")


def _bound(schema: Schema, names: tuple[str, ...], sign: int) -> tuple[Any, bool] | None:
    """Return the strictest of a schema's bounds on one side; an excluded value is stricter."""
    bounds = [
        (sign * schema[name], name.startswith("exclusive")) for name in names if name in schema
    ]
    return max(bounds, default=None)


def _fields(place: str, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needed_now = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(needed_now - needed):
        was = "is required now" if name in before else "is new, and required"
        yield Change(_field(place, name), was)
    for name in sorted(needed - needed_now):
        now = "is no longer required" if name in after else "is gone, and was required"
        yield Change(_field(place, name), now)
    for name in sorted(before.keys() & after.keys()):
        yield from _compare(_field(place, name), before[name], after[name])


def _unknown_fields(place: str, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = (each.get("additionalProperties", True) for each in (old, new))
    if after is False and before is not False:
        yield Change(place, "refuses fields it does not know now")
    elif isinstance(before, Mapping) or isinstance(after, Mapping):
        yield from _compare(_field(place, "*"), before, after)


def _items(place: str, old: Schema, new: Schema) -> Iterator[Change]:
    if "items" in old or "items" in new:
        yield from _compare(f"{place}[]", old.get("items", True), new.get("items", True))


def _fewer_alternatives(place: str, old: Schema, new: Schema) -> Iterator[Change]:
    """Whatever fitted before still fits somewhere."""
    before, after = _alternatives(old), _alternatives(new)
    if not after:
        return
    for one in before or [old]:
        attempts = [list(_compare(place, one, other)) for other in after]
        if all(attempts):
            yield from min(attempts, key=len)


def _not_understood(place: str, old: Schema, new: Schema) -> Iterator[Change]:
    for name in sorted((old.keys() | new.keys()) - NOTES - JUDGED):
        if old.get(name) != new.get(name):
            yield Change(place, f"changed {name}, which this check can't judge")


def _field(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _listed(values: Any) -> str:
    return ", ".join(sorted(map(str, values)))


RULES: tuple[Rule, ...] = (
    _narrowed_values,
    _other_text,
    _tightened_bounds,
    _fields,
    _unknown_fields,
    _items,
    _fewer_alternatives,
    _not_understood,
)
