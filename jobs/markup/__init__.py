"""A page as text and tree: what was sent, made safe; what a reader sees of it. Pure."""
