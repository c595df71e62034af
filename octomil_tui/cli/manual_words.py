"""What the manual says that no registry of the program holds: variables, files; and the words of the glossary."""

from __future__ import annotations

from octomil_tui.domain.glossary import GLOSSARY
from octomil_tui.report.page import Entry

ENVIRONMENT = (
    Entry("OCTOMIL_API_KEY", "the API key; it is taken out of the environment of every child process"),
    Entry(
        "OCTOMIL_API_URL, OCTOMIL_API_BASE",
        "the service's address; the first that is set counts, and --base-url before",
    ),
    Entry("OCTOMIL_ORG_ID", "the organisation, where your key needs it"),
    Entry(
        "OCTOMIL_READ_ONLY", "anything but 0, false, no or off: nothing can be written, and nothing undoes it"
    ),
    Entry("OCTOMIL_CONFIG", "the settings file, instead of the usual one"),
    Entry("OCTOMIL_PROFILE", "a profile of the settings file"),
    Entry("OCTOMIL_THEME", "the colours: default, contrast, light, mono or ansi"),
    Entry("OCTOMIL_ASCII, OCTOMIL_CALM", "1: draw with ASCII characters only; nothing moves that need not"),
    Entry("OCTOMIL_KEYMAP", "the file with your own keys, instead of the usual one; empty for none"),
    Entry("NO_COLOR", "anything: no colours, unless --theme names some"),
    Entry(
        "OCTOMIL_PAINT_WHOLE",
        "1 leaves all painting to Textual, for a terminal that shows something else than it should",
    ),
    Entry(
        "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "the proxy; never used for this machine, and named where it is used",
    ),
    Entry("SSL_CERT_FILE, SSL_CERT_DIR", "the authorities to trust; --ca-file goes before"),
    Entry("MANPAGER, PAGER", "what octomil-console man shows its page with, as man(1) reads them"),
)

FILES = (
    Entry("~/.config/octomil-console/config.toml", "profiles and settings; read strictly, and never written"),
    Entry("~/.config/octomil-console/keymap.toml", "your own keys; never written"),
    Entry(
        "~/.octomil/credentials", "the key of the service's own command line, where nothing else names one"
    ),
    Entry(
        "~/.local/state/octomil-console/journal/",
        "one small file for each rollback, written before its request leaves",
    ),
    Entry(
        "~/.local/state/octomil-console/audit.jsonl",
        "one line for each thing that was done, memos among them",
    ),
    Entry(
        "~/.local/state/octomil-console/reports/",
        "two files for each rollback that ended while it was watched",
    ),
    Entry(
        "~/.local/state/octomil-console/crashes/",
        "what happened, where the full screen crashed; without any key",
    ),
    Entry("~/.local/state/octomil-console/drills/", "how octomil-console fault finds a practice fleet"),
    Entry(
        "~/.cache/octomil-console/names/",
        "names that a shell's completion asked for, for one minute; delete it whenever you like",
    ),
)
"""As on Linux without XDG variables."""

WORDS = tuple(Entry(word.term, word.meaning) for word in GLOSSARY)
"""The glossary, as help has it."""
