"""One store for each concern of the engine: its port, carried out on the open database."""
