"""What the bot remembers. The only folder that speaks SQL."""
