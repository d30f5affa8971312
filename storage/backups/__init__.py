"""Copies of the database: made, kept, cleansed of those who left, and put back."""
