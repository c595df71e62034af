"""What is handed out, tried as a stranger would: `make dist-check`."""
