"""The chat page: phones to play with in a browser, and the portal beside them."""
