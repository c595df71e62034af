"""Long runs: what grows, what leaks, what a night of faults leaves behind. Run by `make soak`, never by the tests."""
