"""socklab's grader: it runs network programs and says which of their promises they keep."""
