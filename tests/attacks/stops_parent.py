"""Stops its parent, which is its supervisor, and goes on."""

import os
import signal
import time

os.kill(os.getppid(), signal.SIGSTOP)
time.sleep(60)
