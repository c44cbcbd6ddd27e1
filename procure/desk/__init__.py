"""The composing pages: my work, and the overview of a case. Reads every feature; nothing imports it."""
