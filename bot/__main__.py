"""`python -m bot` is `bantin`."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
