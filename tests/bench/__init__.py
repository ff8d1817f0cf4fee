"""Benchmarks: `make bench` prints one JSON line a figure, beside what it is measured against."""
