"""The adviser: which rules a procurement follows, which procedures are open to it, and why. Codes and citations, no sentences."""
