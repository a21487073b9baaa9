"""The promises: one file an exercise, a test a promise."""
