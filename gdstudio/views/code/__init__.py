"""The code of the run, in a strip below the pictures."""
