"""Takes descriptors away from its parent."""

import os
import resource

from echo import serve

limits = resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)
resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, limits)
serve()
