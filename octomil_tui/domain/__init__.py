"""What the console knows about fleets and rollbacks: pure values and rules, no clock, no I/O."""
