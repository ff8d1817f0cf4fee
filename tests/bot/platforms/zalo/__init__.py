"""Tests of bot.platforms.zalo."""
