"""Apache Kafka's jars."""

from pathlib import Path

from devstack.jars import JarsUnavailableError, kept, resolve

KAFKA_VERSION = "4.1.1"
KAFKA = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}"
# Kafka logs through slf4j 1.7 but does not depend on anything that would write it down.
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"


def classpath() -> list[Path]:
    """Return the jars Kafka needs, fetching them the first time."""
    return kept(f"kafka-{KAFKA_VERSION}", _fetch)


def _fetch(folder: Path) -> list[Path]:
    # One by one: resolved together, the logging bridge's parent would decide over the versions
    # of Kafka's own libraries, and Kafka does not start with them.
    logging = [jar for jar in resolve(LOGGING, folder) if jar.name.startswith("log4j-slf4j")]
    if not logging:
        raise JarsUnavailableError(f"resolving {LOGGING} did not bring it along")
    return [*resolve(KAFKA, folder), *logging]
