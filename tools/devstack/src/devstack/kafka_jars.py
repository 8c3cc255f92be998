"""Apache Kafka's jars, from Maven coordinates, without Maven."""

import os
import warnings
from pathlib import Path

from devstack.errors import StackError
from devstack.files import read_json, write_json

KAFKA_VERSION = "4.1.1"
KAFKA = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}"
# Kafka logs through slf4j 1.7 but does not depend on anything that would write it down.
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"


class JarsUnavailableError(StackError):
    """The jars are not on this machine and could not be fetched."""


def classpath() -> list[Path]:
    """Return the jars Kafka needs, fetching them the first time."""
    cache = _cache_folder()
    note = cache / f"kafka-{KAFKA_VERSION}.json"
    known = [Path(jar) for jar in read_json(note) or []]
    if known and all(jar.exists() for jar in known):
        return known
    # One by one: resolved together, the logging bridge's parent would decide over the versions
    # of Kafka's own libraries, and Kafka does not start with them.
    kafka = _resolve(KAFKA, cache)
    logging = [jar for jar in _resolve(LOGGING, cache) if jar.name.startswith("log4j-slf4j")]
    if not kafka or not logging:
        raise JarsUnavailableError(f"resolving {KAFKA} and {LOGGING} gave no jars")
    write_json(note, [str(jar) for jar in [*kafka, *logging]])
    return [*kafka, *logging]


def _resolve(coordinates: str, cache: Path) -> list[Path]:
    try:
        with warnings.catch_warnings():
            # It looks for a runtime folder it then does not use.
            warnings.simplefilter("ignore")
            import jgo  # noqa: PLC0415 - slow, and only needed the first time

            environment = jgo.build(coordinates, cache_dir=cache)
    except Exception as error:  # whatever the resolver raises, the answer is the same
        raise JarsUnavailableError(f"{coordinates} could not be resolved: {error}") from error
    return sorted(Path(environment.path).glob("*/*.jar"))


def _cache_folder() -> Path:
    """Return a folder outside of any state, so that a new state needs no new download."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "trueshelf"
