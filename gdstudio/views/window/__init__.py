"""The main window and the parts that it is put together from."""
