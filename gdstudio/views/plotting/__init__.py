"""What panels are drawn with: cards, axes, ranges, arrows, markers."""
