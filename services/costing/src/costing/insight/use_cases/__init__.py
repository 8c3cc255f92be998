"""What can be asked of the proofs."""
