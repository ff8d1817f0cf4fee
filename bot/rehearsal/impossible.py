"""What a person's chat program does not offer."""


class Impossible(ValueError):
    """Nothing was done."""
