"""Every key that a settings file may have: the one table that the reader, the check and the schema follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from octomil_tui.config.kind import ADDRESS, COMMAND, FLAG, LEVEL, PATH, PROXY, TEXT, THEME, Kind


@dataclass(frozen=True, slots=True)
class Key:
    """One key."""

    name: str
    kind: Kind
    about: str
    """What it does, in one sentence for editors and documents."""
    default: Any = None
    """What holds without it, as TOML would write it; None where that is nothing, or no single value."""


_READ_ONLY = Key("read_only", FLAG, "Whether every write is refused; nothing undoes a yes.", default=False)

APPEARANCE_KEYS: Final = (
    Key("theme", THEME, "The colours of the console.", default="default"),
    Key("ascii", FLAG, "Whether only ASCII characters are drawn.", default=False),
    Key("calm", FLAG, "Whether nothing moves or blinks that need not.", default=False),
    Key("keymap", PATH, "The file with keys of your own.", default="keymap.toml"),
)
"""What a profile, and the file for all its profiles, can say about the console itself."""

PROFILE_KEYS: Final = (
    Key("base_url", ADDRESS, "The service's address.", default="https://api.octomil.com/v1"),
    Key("org_id", TEXT, "The organisation, where the key needs it."),
    Key("org_name", TEXT, "What people call the organisation; line 1 says it."),
    Key("level", LEVEL, "How much harm a mistake does there.", default="production"),
    Key("api_key_command", COMMAND, "A command that writes the key; no shell reads it."),
    Key("api_key_file", PATH, "A file with the key alone, that only you can read."),
    _READ_ONLY,
    Key("ca_file", PATH, "The authorities to trust instead of the system's, as PEM."),
    Key("proxy", PROXY, 'The URL of an http proxy, or "none".'),
    Key("on_event", COMMAND, "A command that is told of what becomes of rollbacks."),
    Key("notify", FLAG, "Whether the desktop is told of what the terminal rings for.", default=False),
    *APPEARANCE_KEYS,
)

DEFAULT_PROFILE: Final = "default_profile"
PROFILES: Final = "profiles"

FILE_KEYS: Final = (
    Key(DEFAULT_PROFILE, TEXT, "The profile that is used where none is named."),
    Key("read_only", FLAG, "Whether every write is refused, whatever the profile.", default=False),
    *APPEARANCE_KEYS,
)
"""What stands before the first table, beside `profiles`."""

LITERAL_KEYS: Final = ("api_key", "key", "token", "password", "secret")
"""Names under which people put a key itself, which must not be in the file; in any case of letters."""
