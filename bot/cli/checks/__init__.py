"""What `bantin check` looks at: each check finds something and says what to do about it."""
