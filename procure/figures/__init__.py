"""Figures on expert support for the network's coordinator."""
