"""Telegram through python-telegram-bot: sends, receives, renders."""
