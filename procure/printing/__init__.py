"""Printing apart from the request: what takes over a second is made in the background, and a page shows how far it is."""
