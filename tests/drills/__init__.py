"""Fault drills: what the service does when many people, kills and outages meet, tried on the real thing."""
