"""Scanning over HTTP."""

from inventory.scanning.routes.doors import door_commands, door_queries
from inventory.scanning.routes.scans import scan_commands, scan_queries
from inventory.scanning.routes.sessions import session_commands, session_queries

ROUTERS = (
    door_commands,
    door_queries,
    session_commands,
    session_queries,
    scan_commands,
    scan_queries,
)
