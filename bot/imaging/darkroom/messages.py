"""What the bot and its darkroom say to each other: a function with its arguments there, what came of it back.

The bot is trusted, so what goes there is a pickle. Back come JSON and bytes, read by what the function promises to
return: a decoder that was taken over by a picture can say something wrong, but nothing that is run here. Imports only
the model, `bot.errors`, `bot.language` and its neighbors.
"""

from __future__ import annotations

import json
import pickle
import struct
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from bot.errors import PictureUnusable, TooLarge
from bot.imaging.normalizing import Normal
from bot.imaging.opening import Look
from bot.language import Phrase, speaking, spoken
from bot.model import Media

if TYPE_CHECKING:
    from collections.abc import Callable

#: What is in an answer: JSON, and bytes that would not fit into it.
Answer: TypeAlias = tuple[bytes, bytes]

#: Before a question: how long it is, in bytes.
QUESTION: Final = struct.Struct(">Q")
#: Before an answer: how long its JSON and its bytes are.
ANSWER: Final = struct.Struct(">II")
MOST_JSON: Final = 64 * 1024
#: A mask of 40 megapixels as a PNG takes 5 MB where it is nothing but edges.
MOST_BYTES: Final = 32 * 1024 * 1024

#: By how functions name them where they say what they return.
_KINDS: Final[dict[str, type[Look | Normal | Media]]] = {"Look": Look, "Normal": Normal, "Media": Media}
_SEVERAL: Final = "tuple[Media, ...]"
_PROMISES: Final = frozenset({"None", "bytes", _SEVERAL, *_KINDS})
_FIELDS: Final[dict[str, type]] = {"str": str, "int": int, "bool": bool, "Path": str}
#: In characters; a traceback's last line is longer now and then.
_LONGEST: Final = 300


def promised(do: Callable[..., object]) -> str:
    """Return what a function says that it returns.

    Raises
    ------
    TypeError
        Its answer could not be brought back.
    """
    promise = do.__annotations__.get("return")
    if promise not in _PROMISES:
        raise TypeError(f"{do.__qualname__} returns {promise}, which does not come out of the darkroom")
    return promise


def question(do: Callable[..., object], *args: object, **kwargs: object) -> bytes:
    """Return the question what a function makes of its arguments, asked in the language that is spoken."""
    content = pickle.dumps((do, args, kwargs, spoken()), protocol=pickle.HIGHEST_PROTOCOL)
    return QUESTION.pack(len(content)) + content


def answer(content: bytes) -> bytes:
    """Answer a question. In the darkroom: what is raised is told, whatever it is."""
    do, args, kwargs, language = pickle.loads(content)  # noqa: S301 - from the bot, who started us
    data = b""
    try:
        with speaking(language):
            result = do(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - the bot decides what becomes of it
        told = _told(error)
    else:
        data = result if isinstance(result, bytes) else b""
        told = {"result": _plain(result)}
    text = json.dumps(told, default=str).encode()
    return ANSWER.pack(len(text), len(data)) + text + data


def result(answer: Answer, promise: str) -> Any:  # noqa: ANN401 - what the function promised; `DarkroomProcess.run` says so
    """Return what came of a question, or raise it.

    Raises
    ------
    PictureUnusable, TooLarge, OSError
        As the function did.
    RuntimeError
        It raised anything else.
    ValueError
        That is no answer to this question.
    """
    text, data = answer
    told: Any = json.loads(text)
    match told:
        case {"unusable": [str(), str(), str(), str()] as words}:
            raise PictureUnusable(Phrase.of(words[0], words[1]), Phrase.of(words[2], words[3]))
        case {"large": str(detail)}:
            raise TooLarge(detail)
        case {"refused": [int(number), str(reason)]}:
            raise OSError(number, reason)
        case {"fault": str(fault)}:
            raise RuntimeError(fault[:_LONGEST])
        case {"result": value}:
            return data if promise == "bytes" else _read(value, promise)
        case _:
            raise ValueError("neither a result nor an error")


def _told(error: Exception) -> dict[str, object]:
    match error:
        case PictureUnusable():
            words = (error.reason, error.advice)
            return {"unusable": [part for word in words for part in (word, getattr(word, "english", word))]}
        case TooLarge():
            return {"large": str(error)}
        case OSError(errno=int(number)):
            return {"refused": [number, error.strerror or ""]}
        case _:
            return {"fault": f"{type(error).__name__}: {error}"}


def _plain(result: object) -> object:
    if isinstance(result, tuple):
        return [_plain(part) for part in cast("tuple[object, ...]", result)]
    if is_dataclass(result) and not isinstance(result, type):
        return asdict(result)
    return None


def _read(value: object, promise: str) -> object:
    if promise == "None" and value is None:
        return None
    if promise == _SEVERAL and isinstance(value, list):
        return tuple(_fields(part, Media) for part in cast("list[object]", value))
    if promise in _KINDS:
        return _fields(value, _KINDS[promise])
    raise ValueError(f"no {promise}")


def _fields(value: object, kind: type[Look | Normal | Media]) -> object:
    expected = {field.name: str(field.type) for field in fields(kind)}
    given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    if given.keys() != expected.keys() or any(type(given[name]) is not _FIELDS[of] for name, of in expected.items()):
        raise ValueError(f"no {kind.__name__}")
    read: dict[str, Any] = {name: Path(given[name]) if of == "Path" else given[name] for name, of in expected.items()}
    return kind(**read)
