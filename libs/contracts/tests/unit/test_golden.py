"""Payloads that were written once stay readable for good."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from contracts.catalogue import BY_TYPE
from contracts.exporting import GOLDEN
from contracts.schemas import schema_of

ROOT = Path(__file__).parents[4]
FILES = sorted((ROOT / GOLDEN).glob("*/*.json"))
every_file = pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.stem}")


def known(payload: Any, written: Any) -> Any:
    """Return of a payload what the present version writes too, in objects at any depth."""
    if isinstance(payload, dict) and isinstance(written, dict):
        return {name: known(payload[name], written[name]) for name in payload if name in written}
    if isinstance(payload, list) and isinstance(written, list):
        return [known(*pair) for pair in zip(payload, written, strict=True)]
    return payload


def test_every_event_has_a_golden_payload_and_one_with_fields_unknown_so_far() -> None:
    there = {(file.parent.name, file.stem) for file in FILES}
    assert {name for name, _ in there} == set(BY_TYPE)
    for name in BY_TYPE:
        assert {(name, "1"), (name, "2")} <= there


@every_file
def test_a_golden_payload_stays_readable_and_says_the_same(file: Path) -> None:
    payload = json.loads(file.read_text("utf-8"))
    event = BY_TYPE[file.parent.name].model_validate_json(file.read_bytes())
    written = event.model_dump(mode="json", exclude_unset=True)
    assert written
    assert known(payload, written) == written
    assert type(event).model_validate(payload) == event
    assert event.key


@every_file
def test_a_golden_payload_fits_the_schema_that_others_have(file: Path) -> None:
    schema = schema_of(BY_TYPE[file.parent.name])
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert list(validator.iter_errors(json.loads(file.read_text("utf-8")))) == []


@pytest.mark.parametrize("name", BY_TYPE)
def test_fields_of_a_later_version_are_passed_over(name: str) -> None:
    payload = json.loads((ROOT / GOLDEN / name / "2.json").read_text("utf-8"))
    event = BY_TYPE[name].model_validate(payload)
    written = event.model_dump(mode="json", exclude_unset=True)
    assert payload.keys() - written.keys()
    for before, after in zip(payload.get("lines", ()), written.get("lines", ()), strict=True):
        assert before.keys() - after.keys()
