"""``python -m gdstudio`` does what the ``gdstudio`` command does."""

import sys

from gdstudio.cli import main

if __name__ == "__main__":
    sys.exit(main())
