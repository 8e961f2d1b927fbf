"""The drawing of a network."""
