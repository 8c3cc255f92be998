"""Where it was measured: what has to be known to compare figures, and nothing that names a host."""

import os
import platform
import subprocess
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

from devstack.kafka_jars import KAFKA_VERSION
from devstack.postgres_home import program

PACKAGES = ("aiokafka", "asyncpg", "fastapi", "faststream", "pydantic", "sqlalchemy", "uvicorn")
GIGABYTE = 1_000_000_000


def machine() -> dict[str, Any]:
    """Return cores, memory, the processor's model, and how the interpreter was built."""
    optimised = "--enable-optimizations" in str(sysconfig.get_config_var("CONFIG_ARGS"))
    return {
        "cpus": os.cpu_count(),
        "cpu_model": _cpu_model(),
        "memory_gb": round(psutil.virtual_memory().total / GIGABYTE, 1),
        "python_build": "profile-guided" if optimised else "not profile-guided",
    }


def versions() -> dict[str, str]:
    """Return the versions that were measured."""
    server = subprocess.run(
        [program("postgres"), "--version"], capture_output=True, text=True, check=True
    )
    return {
        "python": platform.python_version(),
        "postgresql": server.stdout.split()[-1],
        "kafka": KAFKA_VERSION,
        **{package: metadata.version(package) for package in PACKAGES},
    }


def _cpu_model() -> str:
    """Return the model where the system tells it (Linux does)."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            names = (line.partition(":")[2].strip() for line in file if "model name" in line)
            return next(names, platform.processor())
    except OSError:
        return platform.processor()
