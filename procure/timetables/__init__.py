"""The timetable of a case: what is planned and what has happened, as a page, a drawing and a calendar to subscribe to."""
