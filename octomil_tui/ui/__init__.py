"""The terminal interface: everything that draws, and the only package that imports Textual."""
