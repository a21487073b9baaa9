"""A quiz: answers as people write them, and a key that nobody can read from the grader's files."""
