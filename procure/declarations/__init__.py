"""Declarations of interests: who has declared what before the tender material of a case opens, and what managers decided."""
