"""A second one, which calls the first."""

from standin import run

run("second")
