"""The thread that trains, and the session that owns it. QtCore only."""
