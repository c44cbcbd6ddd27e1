"""Figures that cities agree to share: what a city has agreed to, and what the network's coordinator then sees of all of them together."""
