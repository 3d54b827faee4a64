"""A synthetic country to try with: people, households, declarations and scores, from one seed."""
