"""Timetables: how a city works, and on which days the steps of a procurement fall."""
