"""Signing in: codes, sessions, limits, and what was typed when a session ended."""
