"""The planner: a case in time, and the days on which its city works."""
