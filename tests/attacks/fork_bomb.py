"""Forks without end (3000 times here), and its children sleep."""

import os
import time

from echo import serve

for _ in range(3000):
    try:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    except BlockingIOError:
        time.sleep(0.01)
serve()
