"""The outside world, one door each: database, clock, outbox, mail, PDF."""
