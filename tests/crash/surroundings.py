"""What every process that tests start finds in its environment. Imports nothing of the tests: processes import it."""

from __future__ import annotations

import os
from typing import Final

#: Nothing here speaks TLS, and to read whom the machine trusts takes a tenth of each start.
TRUSTS_NOBODY: Final = {"SSL_CERT_FILE": os.devnull}
