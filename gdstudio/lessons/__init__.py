"""Lessons: experiments with a title, words and the controls that matter. No Qt."""
