"""Who works on a case: its team, their tasks, their notes, and handing it over."""
