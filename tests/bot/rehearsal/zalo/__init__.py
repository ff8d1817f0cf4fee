"""The local Zalo."""
