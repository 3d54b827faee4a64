"""What the administration does. Nothing in this package knows the web."""
