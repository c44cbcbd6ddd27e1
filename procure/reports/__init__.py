"""Reports that are made on a schedule, kept as they were made, and told of by letter."""
