"""Tables of a user's own: files, sheets and pasted text as columns, which say how they were read."""
