"""Files that belong to a case: every version kept, looked through before it is taken, given only to those who may read the case."""
