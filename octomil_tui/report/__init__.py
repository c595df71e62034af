"""Fleet values as plain lines and as JSON; for the commands, and for what the screens export."""
