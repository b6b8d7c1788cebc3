"""``python -m secgov`` is the command ``secgov``."""

import sys

from secgov.command import main

sys.exit(main())
