"""How fast, how small and how frugal the installed console is, beside what it is compared with; no part of the tests."""
