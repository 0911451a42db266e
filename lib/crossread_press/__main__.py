"""`python -m crossread_press COMMAND …`."""

import sys

from crossread_press.commands import main

if __name__ == "__main__":
    sys.exit(main())
