"""Proof of delivery: photos of signed notes, codes that are scanned, links that are followed."""
