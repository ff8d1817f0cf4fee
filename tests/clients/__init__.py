"""Clients and a server of Telegram that others wrote, run on their own, and talks with them."""
