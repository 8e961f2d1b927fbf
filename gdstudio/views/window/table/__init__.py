"""A table of one's own is opened, dropped or pasted, looked at, and chosen from."""
