"""How fast is the grader? As ratios to bare starts of Python that are taken in the same run."""
