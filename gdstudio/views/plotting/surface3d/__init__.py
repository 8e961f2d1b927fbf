"""The surface of a cost in three dimensions."""
