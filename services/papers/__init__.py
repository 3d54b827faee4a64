"""Papers that a family keeps: each is signed, and anyone may ask whether it is genuine."""
