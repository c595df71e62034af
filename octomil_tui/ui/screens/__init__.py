"""The places, the wizard and the watch: each screen composes widgets and fills them from the state."""
