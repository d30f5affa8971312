"""Finding the paid tasks whose answer was lost, and making them their job's."""
