"""One procurement case: opened, described by answers, taken through its stages, never without its history."""
