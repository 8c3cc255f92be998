"""Run one of inventory's processes: `python -m inventory api|worker|relay|migrate|topics`."""

from inventory.main import SERVICE
from servicekit.service import run

run(SERVICE)
