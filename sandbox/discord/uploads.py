"""Reading request bodies: JSON, or multipart with `payload_json` and `files[n]` (docs, uploading files)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from aiohttp import BodyPartReader

from .fields import as_object
from .options import MIB
from .refusals import invalid_form, invalid_json, too_large

if TYPE_CHECKING:
    from aiohttp import web

    from .refusals import Json

MAX_REQUEST = 25 * MIB
_FILE = re.compile(r"files?\[(\d+)\]|file")


@final
@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    filename: str
    data: bytes
    content_type: str = ""


@final
@dataclass
class Body:
    """A request's JSON and its files, by the number that `attachments` refers to."""

    payload: Json
    files: dict[int, Upload] = field(default_factory=dict[int, Upload])


async def read_body(request: web.Request, file_limit: int) -> Body:
    """Read a request with or without files.

    Raises
    ------
    Refusal
        40005 for too many bytes; 50109 or 50035 for a body that is not understood.
    """
    if (request.content_length or 0) > MAX_REQUEST:
        raise too_large()
    if request.content_type != "multipart/form-data":
        return Body(decode(await request.read()))
    body = Body({})
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise invalid_form()
        await _read_part(part, body)
    if any(len(upload.data) > file_limit for upload in body.files.values()):
        raise too_large()
    return body


async def _read_part(part: BodyPartReader, body: Body) -> None:
    data = bytes(await part.read(decode=True))
    if part.name == "payload_json":
        body.payload = decode(data)
        return
    found = _FILE.fullmatch(part.name or "")
    if found is None or part.filename is None:
        raise invalid_form()
    body.files[int(found[1] or 0)] = Upload(part.filename, data, part.headers.get("Content-Type", ""))


def decode(data: bytes) -> Json:
    """Decode a JSON object; nothing at all counts as an empty one.

    Raises
    ------
    Refusal
        50109: it is something else.
    """
    if not data:
        return {}
    try:
        value: object = json.loads(data)
    except ValueError:
        raise invalid_json() from None
    if not isinstance(value, dict):
        raise invalid_form({"_errors": [{"code": "MODEL_TYPE_CONVERT", "message": "Only dictionaries may be used."}]})
    return as_object(value)  # pyright: ignore[reportUnknownArgumentType]
