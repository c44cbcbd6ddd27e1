"""People, the organisations they belong to, their roles, and signing in."""
