# SPDX-License-Identifier: Apache-2.0
"""`python -m weir ARGS…` and the command `weir`: both are the binary of this installation."""

import os
import signal
import sys
from typing import NoReturn

from weir.binary import HOW_TO_GET, PACKAGED


def main() -> NoReturn:
    """Replaces this process by the binary, so that its signals and exit code are its own.

    Neither WEIR_BINARY nor the PATH is looked at: they may lead back to this command.
    """
    if not PACKAGED.is_file():
        sys.exit(f"weir: this installation has no binary. {HOW_TO_GET}")
    # Python ignores these two, and a new program inherits that.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.execv(PACKAGED, ["weir", *sys.argv[1:]])


if __name__ == "__main__":
    main()
