"""The optional HTTP endpoint (`HTTP_LISTEN`): health and the drawing page. Knows the engine; never discord."""
