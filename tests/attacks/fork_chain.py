"""Its children fork, and their children, without end (14 generations here)."""

import os
import time

for _ in range(14):
    try:
        os.fork()
    except BlockingIOError:
        time.sleep(0.01)
time.sleep(60)
