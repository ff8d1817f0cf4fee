"""Telegram and a portal to practise on, served locally."""
