"""Standard clauses of a city: its own short texts in the documents that are composed of parts, in dated editions."""
