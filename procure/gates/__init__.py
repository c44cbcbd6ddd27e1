"""Checklists of stages: points ticked beforehand, waived by a manager, or added by a city."""
