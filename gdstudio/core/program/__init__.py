"""The one text of a run's program; the strip, the script and the notebook are views of it."""
