"""Uses memory without end (4 GiB here) in many processes, none of which has much."""

import os
import time

for _ in range(32):
    if os.fork() == 0:
        kept = b"x" * (128 << 20)
        time.sleep(60)
        os._exit(len(kept))
time.sleep(60)
