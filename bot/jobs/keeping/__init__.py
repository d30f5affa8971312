"""Pictures on our own disk: results, what was made from them, and what people handed in."""
