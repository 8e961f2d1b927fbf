"""The engine: experiments, problems, training and its history. It never imports Qt."""
