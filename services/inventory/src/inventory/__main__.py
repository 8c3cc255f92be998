"""Run one of inventory's processes or steps: `python -m inventory api`, `... verify`."""

from inventory.main import SERVICE
from servicekit.service import run

run(SERVICE)
