"""What people and servers prefer, keep under names, and have used."""
