"""What a bot may ask of Telegram: one module for each family of methods."""
