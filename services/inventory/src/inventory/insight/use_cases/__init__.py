"""What insight repeats or does on demand."""
