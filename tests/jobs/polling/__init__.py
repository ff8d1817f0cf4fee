"""Polling real HTTP on this machine."""
