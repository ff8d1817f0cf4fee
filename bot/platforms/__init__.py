"""Telegram and Zalo."""
