"""Take secrets out of text before anybody can read it.

Pure. Imports only the standard library. Two nets: the exact values that we know, and the shapes that such values have,
for those that we do not know (interaction tokens, somebody else's key). Source: reliability C13.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Collection

_MASK: Final = "***"
_SHORTEST: Final = 4  # a shorter value would take ordinary words out of every record

# What stays of a match is its group `keep`.
_DISCORD_SHAPE: Final = r"(?P<keep>)[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}"
_API_KEY: Final = r"(?P<keep>)\bsk-[A-Za-z0-9_-]{6,}"
#: /interactions/<id>/<token>/callback and /webhooks/<id>/<token>/messages/…; and where the API's callbacks come to.
_ADDRESS: Final = r"(?P<keep>/(?:(?:interactions|webhooks)/[0-9]+|hook)/)[^/\s?#'\"]+"
#: A header, also as it looks inside a printed dict or list of pairs.
_HEADER: Final = (
    r"(?i)(?P<keep>\b(?:authorization|mj-api-secret)\b['\"]?\s*[:=,]\s*b?['\"]?)"
    r"(?:(?:bearer|bot|basic)\s+)?[^\s'\",;)}\]]+"
)
_SCHEME: Final = r"(?i)(?P<keep>\b(?:bearer|bot)\s+)(?=\S*[0-9])[A-Za-z0-9._~+/=-]{16,}"
#: `?key=…`, `token='…'`, `"secret": "…"`.
_NAMED: Final = (
    r"(?i)(?P<keep>\b(?:[a-z]+_)?(?:key|api-?key|token|secret|password)\b['\"]?\s?[=:]\s?b?['\"]?)"
    r"[^\s'\"&#,;)}\]]{8,}"
)
_SHAPES: Final = tuple(map(re.compile, (_DISCORD_SHAPE, _API_KEY, _ADDRESS, _HEADER, _SCHEME, _NAMED)))


@final
class Redactor:
    """Replaces secrets by `***`.

    Parameters
    ----------
    secrets
        Exact values, also looked for as they appear percent-encoded. Those under four characters are ignored.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""), repr(secret)[1:-1])}
        known = sorted((form for form in forms if len(form) >= _SHORTEST), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """Return `text` without secrets."""
        if self._known:
            text = self._known.sub(_MASK, text)
        for shape in _SHAPES:
            text = shape.sub(rf"\g<keep>{_MASK}", text)
        return text
