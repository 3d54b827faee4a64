"""A whole installation in one folder, without its keys; and back."""
