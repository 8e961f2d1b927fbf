"""One new file each: a surface, a problem, a loss, a mistake, an optimizer. Nothing else knows of them."""
