"""What a bot can ask of this Zalo."""
