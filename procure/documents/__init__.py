"""The documents of a case, on the screen and as PDF, made from what has been answered and recorded."""
