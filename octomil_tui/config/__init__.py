"""The settings file: named profiles in TOML, read strictly and never written.

One table (`key.py`) says what may stand in it; the reader, the check and the
schema for editors all follow from that.
"""
