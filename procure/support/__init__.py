"""Asking an expert of the network about a case: the question, what is shared, the declaration of interests, the opinion."""
