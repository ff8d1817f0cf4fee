"""What people can say to the bot, declared once for every platform."""
