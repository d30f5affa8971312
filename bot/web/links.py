"""Links: signed, so that nobody can make one up, and good for a while.

One to the drawing page names a draft and nothing else; that it serves only once is kept with the draft. One to an
export names the export. Pure but for the clock.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, final

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from typing_extensions import override

if TYPE_CHECKING:
    from bot.jobs.ports import Clock

#: How long a link to the drawing page works. People draw for minutes; who needs longer gets a fresh one with a press in
#: Discord.
LIFETIME: Final = timedelta(minutes=30)

#: What a link may look like, for the router: longer ones are none of ours.
TOKEN: Final = "[A-Za-z0-9_.-]{1,200}"  # noqa: S105 - a pattern

#: How long the link to an export works: as long as the export is kept.
EXPORT_LIFETIME: Final = timedelta(days=1)


@final
class Purpose(Enum):
    """What a link is for; one for another purpose is none."""

    DRAW = "easel.draw.1"
    EXPORT = "easel.export.1"


@final
class Dead(Enum):
    """Why a link leads nowhere."""

    FORGED = "we never made it"
    EXPIRED = "it is older than it may be"


@final
class LinkSigner:
    """Makes links and reads them.

    Parameters
    ----------
    key
        Secret; 32 random bytes.
    lifetime
        How long a link works.
    """

    def __init__(
        self, key: bytes, clock: Clock, *, purpose: Purpose = Purpose.DRAW, lifetime: timedelta = LIFETIME
    ) -> None:
        self._lifetime = lifetime
        self._serializer = URLSafeTimedSerializer(
            key,
            salt=purpose.value,
            signer=_Signer,
            signer_kwargs={"clock": clock, "key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def sign(self, name: str) -> str:
        """Return the part of a link that names a draft or an export."""
        return str(self._serializer.dumps(name))

    def read(self, token: str) -> str | Dead:
        """Return the draft or the export that a link names, or why it names none."""
        try:
            name: object = self._serializer.loads(token, max_age=int(self._lifetime.total_seconds()))
        except SignatureExpired:
            return Dead.EXPIRED
        except BadData:
            return Dead.FORGED
        return name if isinstance(name, str) else Dead.FORGED


@final
class _Signer(TimestampSigner):
    """Takes the time from the clock that everything else goes by."""

    def __init__(self, *args: Any, clock: Clock, **options: Any) -> None:  # noqa: ANN401 - as its base class says
        super().__init__(*args, **options)
        self._clock = clock

    @override
    def get_timestamp(self) -> int:
        return int(self._clock.now().timestamp())
