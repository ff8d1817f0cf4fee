"""Zalo through its Bot Platform, over a thin HTTP client: sends, receives, renders."""
