"""Sending what people asked for: the paid request, once, and what comes of it."""
