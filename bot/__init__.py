"""What people talk to: platforms, commands, command line, wiring."""
