"""Benchmarks: `python -m tests.bench`. Every figure of ours stands beside a reference measured in the same run."""
