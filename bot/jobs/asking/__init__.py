"""Making jobs on behalf of people, and all that a press asks for before."""
