"""The same steps with fewer calls: written out, recorded, launched as CUDA graphs."""
