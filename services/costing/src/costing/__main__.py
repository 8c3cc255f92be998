"""Runs costing's processes."""

from costing.main import SERVICE
from servicekit.service import run

run(SERVICE)
