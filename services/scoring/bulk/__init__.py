"""A country scored in columns: the same bits as one household at a time, thousands at once."""
