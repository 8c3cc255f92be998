"""A service that does little, but all that the stack asks of a service."""

from standin import run

run("first")
