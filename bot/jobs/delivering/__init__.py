"""Bringing results to people, and telling them meanwhile how far their jobs are."""
