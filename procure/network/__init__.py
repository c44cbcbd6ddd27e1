"""The network: its regions, who in it knows what, and when it meets."""
