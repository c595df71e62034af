"""The command line: argv to settings, settings to a client, and one small file per command.

The only layer that knows all others. Nothing of it is loaded before it is
needed, so that `--version` and `--help` answer at once.
"""
