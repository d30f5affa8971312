"""What people may know of what is kept of them, take along, and have forgotten. Nothing of Discord or SQL."""
