"""Faster ways to make the same steps: written out, recorded, launched as CUDA graphs."""
