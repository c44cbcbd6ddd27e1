"""Work done apart from the request: in which state it is, and how long it belongs to the process that does it."""

from datetime import timedelta
from typing import Final

ASKED, MAKING, READY, FAILED = "asked", "making", "ready", "failed"
STATES: Final = (ASKED, MAKING, READY, FAILED)
OPEN: Final = (ASKED, MAKING)

PRINT_LEASE: Final = timedelta(seconds=30)
"""How long a document belongs to the process that prints it; prolonged for as long as that process lives."""
PRINT_BEAT: Final = timedelta(seconds=8)
"""How often it is prolonged."""
PRINT_TRIES: Final = 3
"""How often a document is begun whose process died, before it is given up: the process may have died of it."""
PRINT_KEPT: Final = timedelta(days=1)
"""How long what was asked for, and its bytes, are kept."""
