"""Leaves a daemon behind that has put off its environment."""

import os

if os.fork() == 0:
    os.setsid()
    os.execve("/bin/sleep", ["sleep", "600"], {})
