"""Clients of the rehearsal's Telegram that are not python-telegram-bot, run on their own."""
