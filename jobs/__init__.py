"""What runs on a clock: the stages from a source to a message, and their tools."""
