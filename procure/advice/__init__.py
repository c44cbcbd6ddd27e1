"""What the rules advise in a case: which procedure fits, and why."""
