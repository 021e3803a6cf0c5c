"""The benchmark: `make bench`. Measures the portal beside a floor in the same interleaved run; writes RESULTS.md."""
