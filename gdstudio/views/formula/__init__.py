"""The formula line: what it says (no Qt), how its symbols are drawn, where its pieces stand, the widget."""
