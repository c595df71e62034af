"""The service's routes: what comes over the wire, and what goes back."""
