"""The jobs that exist: found, shown, shared, liked and deleted on behalf of people."""
