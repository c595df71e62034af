"""What runs behind every front: the state, the one loop that asks, and the commands that write. No UI."""
