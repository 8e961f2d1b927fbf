"""Several optimizers from one start, on the same data, side by side."""
