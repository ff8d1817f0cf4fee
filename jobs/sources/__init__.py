"""One file per kind of source: pure functions from bytes to articles."""
