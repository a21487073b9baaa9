"""Makes folders in folders, more deeply than a path can be long, and closes them."""

import os

os.chdir(os.environ["HOME"])
for _ in range(1500):
    os.mkdir("nested")
    os.chdir("nested")
os.mkdir("closed", 0)
