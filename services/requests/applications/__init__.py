"""Applications for a programme: what is asked, sent and decided. Their life is that of any request."""
