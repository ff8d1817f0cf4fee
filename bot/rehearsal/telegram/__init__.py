"""A Telegram to practise on: the Bot API as core.telegram.org/bots/api documents it."""
