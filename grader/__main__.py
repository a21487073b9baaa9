"""`python -m grader`, and the command `grader`."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)  # while there is nothing to clean up, Ctrl-C just ends


def main() -> int:
    """Run the command line, and give its exit status."""
    from grader import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
