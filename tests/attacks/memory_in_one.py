"""Uses memory without end (4 GiB here) in one process."""

from echo import serve

kept = []
for _ in range(256):
    kept.append(b"x" * (16 << 20))
serve()
