"""What can be set: the experiment, its optimizers, and how it is read, written and compared."""
