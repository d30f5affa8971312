"""What every answer of the endpoint has in common: what it tells the browser to forbid, and sentences where it fails.

A browser that shows an address gets a small page; a script, or a person with a command line, gets the sentence alone.
Whoever asks is spoken to in the language that their browser asks for. Knows nothing of what is served.
"""

from __future__ import annotations

import logging
import re
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.language import mark, say, speaking
from bot.language.languages import preferred_language
from bot.web.files import page

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

_log = logging.getLogger(__name__)

#: The page is scripts, styles and a picture of its own, and speaks with nobody but this endpoint.
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "Easel",
}

_SENTENCES: Final = {
    HTTPStatus.NOT_FOUND: mark("There is nothing here."),
    HTTPStatus.METHOD_NOT_ALLOWED: mark("This address does not work that way."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: mark("That is too large to be taken."),
}
_OTHERWISE: Final = mark("That cannot be answered.")
_MARKUP: Final = re.compile(r"[*`\\]")


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on an answer, whatever it is: a signal of aiohttp, `on_response_prepare`."""
    response.headers.update(HEADERS)


def sentence(request: web.Request, status: HTTPStatus, text: str) -> web.Response:
    """Answer with one sentence.

    Parameters
    ----------
    text
        May hold Discord's markup, which is taken out.
    """
    plain = _MARKUP.sub("", text)
    if "text/html" not in request.headers.get("Accept", ""):
        return web.Response(status=status, text=plain)
    return web.Response(status=status, text=page("notice.html", {"sentence": plain}), content_type="text/html")


@web.middleware
async def answer_always(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer in the person's language, and turn whatever goes wrong into a sentence.

    What is ours goes into the log, without the address.
    """
    with speaking(preferred_language(request.headers.get("Accept-Language", ""))):
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            status = HTTPStatus(refusal.status)  # all of ours are known ones
            return sentence(request, status, say(_SENTENCES.get(status, _OTHERWISE)))
        except (ConnectionError, web.RequestPayloadError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)  # for nobody: the browser is gone
        except Exception:  # noqa: BLE001 - the boundary of requests: whatever went wrong, the person is told
            return _our_fault(request)


def _our_fault(request: web.Request) -> web.Response:
    reference = secrets.token_hex(4)
    _log.exception("A request to the drawing page failed, reference %s", reference)
    text = say(
        "Something went wrong on my side, sorry. Try again; if it stays so, give the bot's owner this code: "
        "{reference}.",
        reference=reference,
    )
    return sentence(request, HTTPStatus.INTERNAL_SERVER_ERROR, text)
