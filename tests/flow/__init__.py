"""The whole program, on each platform."""
