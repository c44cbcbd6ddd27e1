"""The letterhead of a city: logo, contact block and foot of the documents that the city makes, in dated editions."""
