"""Domain values as styled lines: the only maker of what a screen says. No widgets."""
