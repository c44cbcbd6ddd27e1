"""Timetables: how a city works, and when the steps of a case fall."""
