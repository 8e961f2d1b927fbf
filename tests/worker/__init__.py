"""Tests of the thread that trains and of the session that owns it."""
