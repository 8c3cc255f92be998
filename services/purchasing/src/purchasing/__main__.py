"""`python -m purchasing api|worker|relay|recognizer|migrate|topics|openapi`."""

from purchasing.main import SERVICE
from servicekit.service import run

if __name__ == "__main__":
    run(SERVICE)
