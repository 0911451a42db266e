"""`python -m crossread_press COMMAND …`."""

import sys

from crossread_press.commands import main

sys.exit(main())
