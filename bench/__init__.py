"""Benchmarks, each paired in the same run with the limit it is measured against."""
