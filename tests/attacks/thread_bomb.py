"""Starts threads without end (4000 here)."""

import threading
import time

from echo import serve

threading.stack_size(65536)
for _ in range(4000):
    try:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    except RuntimeError:
        time.sleep(0.01)
serve()
