"""The staff: who they are, what their roles open, and how they prove who they are."""
