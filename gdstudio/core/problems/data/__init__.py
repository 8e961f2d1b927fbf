"""Where the rows of a problem come from: given points, or rows drawn from a seed."""
