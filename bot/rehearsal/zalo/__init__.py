"""A local Zalo: the Bot Platform's API, and the people who write to its bots."""
