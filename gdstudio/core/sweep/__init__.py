"""One experiment, run for many values of one setting."""
