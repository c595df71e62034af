"""The few widgets that every screen is made of; each draws whole lines and repaints only what changed."""
