"""The JSON Schema of an event, for consumers in any language."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from contracts.envelope import Event


class Untitled(GenerateJsonSchema):
    """Leaves out the titles of fields, which only repeat their names; models keep theirs."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        """Return False for every field."""
        return False


def schema_of(event: type[Event]) -> dict[str, Any]:
    """Return the schema of what travels: a field with a default may be missing."""
    return {
        **event.model_json_schema(schema_generator=Untitled),
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:trueshelf:{event.TOPIC.name}:{event.TYPE}",
        "x-topic": event.TOPIC.name,
        "x-type": event.TYPE,
    }


def as_text(content: Any) -> str:
    """Write JSON in one fixed way, so that only a change of meaning is a change of the file."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
