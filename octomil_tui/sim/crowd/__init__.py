"""A fleet of any size: every device's state follows from its number, the seed and what was ordered."""
