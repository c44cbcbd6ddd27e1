"""The timetable of a procedure: which period of law rules a step, the steps forwards, and the latest start backwards."""
