"""Opens the books for a batch, locked in one order; writes it back in a handful of statements.

Streams are locked first, then transits; within each by key. Who holds a stream's lock is the only
one to add to it, and the only one to count what arrived there or went back there.
"""
