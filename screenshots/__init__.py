"""Pictures of the screens, written from the running app."""
