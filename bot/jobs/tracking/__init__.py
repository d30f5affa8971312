"""Following running tasks, all of them at once."""
