"""What `doctor` looks at: the terminal, this machine, the way to the service, and the service; it changes nothing."""
