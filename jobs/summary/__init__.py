"""Vietnamese sentences, chosen and kept short. Pure."""
