"""The training thread, the run on screen, and the session through which the window uses both. QtCore only."""
