"""`python -m sales api|worker|relay|migrate|topics|openapi`."""

from sales.main import SERVICE
from servicekit.service import run

if __name__ == "__main__":
    run(SERVICE)
