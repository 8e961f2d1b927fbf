"""The pictures of a run, each a card of its own."""
