"""Small widgets and the looks that all parts share."""
