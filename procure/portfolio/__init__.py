"""A city's procurements in figures, for those who lead them."""
