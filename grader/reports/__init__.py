"""One result in, one format out; a file a format."""
