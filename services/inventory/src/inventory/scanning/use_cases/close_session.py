"""Close a session; what was scanned and not finished waits for one that takes it over."""

from inventory.scanning.domain.sessions import End, ScanSession
from servicekit.clock import now


def close_session(held: ScanSession) -> ScanSession:
    """Return the locked session, ended; once more changes nothing."""
    held.finish(End.CLOSED, now())
    return held
