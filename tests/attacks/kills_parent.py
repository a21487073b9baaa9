"""Kills its parent, which is its supervisor, and goes on."""

import os
import time

os.kill(os.getppid(), 9)
time.sleep(60)
