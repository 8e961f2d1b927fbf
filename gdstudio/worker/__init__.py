"""The thread that trains, the run that it makes, and the session that holds both. QtCore only."""
