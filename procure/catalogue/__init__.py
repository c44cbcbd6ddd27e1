"""The dated data that the rules read: procedures, stages, questions, documents, organisations, CPV codes.

Changed by editing text, not code. Read once into records of `procure.domain`, checked while reading; a fault names file and line.
An edition in use is never edited: a change of law or practice is a new file beside the old one, and open cases keep theirs.
"""
