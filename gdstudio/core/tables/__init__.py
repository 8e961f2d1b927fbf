"""Tables of a user's own: files, sheets and pasted text become columns of numbers, and say how they were read."""
