"""gdstudio: a studio in which gradient descent and a first neural network can be seen."""

__version__ = "0.1.0"
