"""Sign-off: named persons approve, ask for changes or reject; a material change afterwards voids what they have given."""
