"""Asking a process whether it is ready."""

import http.client

from devstack.ports import LOOPBACK


def is_healthy(port: int, path: str = "/health/ready") -> bool:
    """Tell whether the process says so itself."""
    return answer_of(port, path) == http.client.OK


def answer_of(port: int, path: str) -> int | None:
    """Return the status of an answer to who does not say who they are; None without an answer."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
