"""How a problem is trained: one step after another, their history, and the control of a run."""
