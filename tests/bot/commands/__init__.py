"""Tests of the commands: what is said in, what is said back, what is stored."""
