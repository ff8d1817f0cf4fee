"""Opens the office's bots: for each its row, its line, and what receives for it."""
