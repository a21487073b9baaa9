"""Edits its own submission, which the next check runs."""

from echo import serve

with open("fork_server.py", "a") as file:
    file.write("print('changed')\n")
serve()
