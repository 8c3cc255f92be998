"""Asking a process whether it is ready."""

import http.client

from devstack.ports import LOOPBACK


def is_healthy(port: int, path: str = "/health/ready") -> bool:
    """Tell whether the process says so itself."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
