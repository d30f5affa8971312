"""The provider's query service, which tells what is on the account (reliability B.5). It takes a key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from aiohttp import web

if TYPE_CHECKING:
    from sandbox.comet.ledger import Ledger
    from sandbox.comet.options import CometOptions

_START_USD: Final = 1000.0
"""What an account that never runs out began with."""


@final
class Account:
    """Tell the balance. What was given back is on it again, but still counts as used."""

    def __init__(self, ledger: Ledger, options: CometOptions) -> None:
        self._ledger = ledger
        self._options = options

    async def quota(self, request: web.Request) -> web.Response:
        """Answer ``GET /user/quota?key=…``."""
        if request.query.get("key") != self._options.quota_key:
            return web.json_response({"error": "invalid key"}, status=401)
        start = _START_USD if self._options.balance_usd is None else self._options.balance_usd
        account = {
            "username": "sandbox",
            "total_quota": round(start - self._ledger.spent_usd, 6),
            "total_used_quota": round(sum(charge.amount_usd for charge in self._ledger), 6),
            "request_count": len(self._ledger),
            "keys": [{"name": "sandbox", "remain_quota": -1, "used_quota": -1}],
        }
        return web.json_response(account)
