"""The rules. Standard library only: no clock, no database, no request, no translation. Values in, values out."""
