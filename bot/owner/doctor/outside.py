"""The API, and the way from outside to our own HTTP endpoint. Imports aiohttp and the API's client."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import aiohttp

from bot.cometapi.client import CometClient
from bot.errors import CometAuth, CometError, CometMisrouted, CometUnreachable
from bot.owner.doctor.notes import ill, note, well

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config import Settings
    from bot.owner.doctor.notes import Note

_PATIENCE: Final = timedelta(seconds=10)
_OK: Final = 200


async def examine_api(settings: Settings) -> AsyncIterator[Note]:
    """Ask the API for a task that does not exist, which is free."""
    about, url = "API key", settings.cometapi_base_url
    client = CometClient(base_url=url, key=settings.cometapi_key.get_secret_value(), submit_timeout=_PATIENCE)
    async with client:
        try:
            await client.check_key()
        except CometAuth:
            yield ill(about, f"{url} refuses it", "Make a new key in the API's console and put it into COMETAPI_KEY.")
        except CometMisrouted:
            yield ill(
                about,
                f"{url} answers with a web page or a redirect",
                "Write COMETAPI_BASE_URL like https://api.cometapi.com.",
            )
        except CometUnreachable as error:
            yield ill(
                about, f"{url} cannot be reached ({error})", "Check COMETAPI_BASE_URL and this machine's way out."
            )
        except CometError as error:
            yield ill(
                about, f"{url} does not answer as it should ({error})", "Try again later; Easel waits for it too."
            )
        else:
            yield well(about, f"{url} knows it; the balance is not told")


async def examine_http(settings: Settings, *, is_running: bool) -> AsyncIterator[Note]:
    """Ask our own endpoint whether it is there, from this machine and by its public address."""
    if settings.http_listen is None:
        yield note("HTTP", "HTTP_LISTEN is empty: no drawing page, no health page")
        return
    if not (is_running and settings.http_listen.port):
        yield note("HTTP", "looked at only while Easel runs, at a port that HTTP_LISTEN names")
        return
    host = settings.http_listen.host
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - it is what somebody else listens at
    near = f"http://{f'[{host}]' if ':' in host else host}:{settings.http_listen.port}"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE.total_seconds())) as session:
        yield await _ask(session, "HTTP_LISTEN", near, "Does another program use that port? Look into Easel's log.")
        if settings.public_url is None:
            yield note("PUBLIC_URL", "empty: people cannot reach the drawing page from outside")
        else:
            fix = "Have the web server pass it on to HTTP_LISTEN, and open the firewall for it."
            yield await _ask(session, "PUBLIC_URL", settings.public_url, fix)


async def _ask(session: aiohttp.ClientSession, about: str, url: str, fix: str) -> Note:
    try:
        async with session.get(f"{url}/livez", allow_redirects=False) as response:
            if response.status == _OK:
                return well(about, f"{url} answers")
            return ill(about, f"{url}/livez answers {response.status}", fix)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return ill(about, f"{url} cannot be reached ({type(error).__name__})", fix)
