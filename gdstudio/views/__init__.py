"""The window: widgets and plots. Views read the session, and never talk to each other."""
