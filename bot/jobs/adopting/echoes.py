"""What a submit is marked with as `state`, and what its task then carries: the job's id, signed.

Task ids can be guessed and job ids are no secret; the mark can be made by nobody but us. A task that carries it, asked
for by ourselves, is this job's and paid for by us (reliability B.5). Pure; imports only the standard library.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import Final, final

#: 10 bytes are 16 characters of base 32: 80 bits, out of reach of guessing over a network.
_SIGNATURE_SIZE: Final = 10
#: With nothing after it: the one button whose submit numbers its tasks' marks (contract 3.3, "imagine all") is never
#: sent. What it stands for is asked about first, and then sent as jobs with a mark each.
_ECHO: Final = re.compile(r"([0-9A-HJKMNP-TV-Z]{26})\.([a-z2-7]{16})")


@final
class Echoes:
    """Makes marks and reads them.

    Parameters
    ----------
    key
        Secret; 32 random bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, job_id: str) -> str:
        """Return the mark of a job: 43 characters, always the same ones."""
        signature = hmac.digest(self._key, job_id.encode(), "sha256")[:_SIGNATURE_SIZE]
        return f"{job_id}.{base64.b32encode(signature).decode('ascii').lower()}"

    def job_of(self, echo: str) -> str | None:
        """Return the id of the job that a mark is of, or None if we never made it."""
        match = _ECHO.fullmatch(echo)
        if match is None or not hmac.compare_digest(self.of(match[1]), echo):
            return None
        return match[1]
