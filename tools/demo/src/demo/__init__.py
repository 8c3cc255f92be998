"""A week of a real chain of shops, played against the running platform."""
