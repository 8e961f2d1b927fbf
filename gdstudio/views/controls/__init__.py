"""The controls of a lesson, each made from its hyperparameter's one declaration."""
