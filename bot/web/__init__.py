"""What others call over HTTP: listens behind the office's reverse proxy."""
