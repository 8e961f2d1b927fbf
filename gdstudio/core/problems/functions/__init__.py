"""Functions of the weights that somebody has typed: read by a whitelist, computed node by node, never run."""
