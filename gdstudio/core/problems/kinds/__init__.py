"""The kinds of problem: every module of this folder with a `ProblemSpec` that has a ``kind`` is one."""
