"""The darkroom's own side: `python -m bot.imaging.darkroom BYTES SECONDS PATIENCE` answers questions.

They come at standard input and end with the bot, whatever ended that. Imports only Pillow, the model and its neighbors:
it has to start fast, and to be small.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PIL import GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from bot.imaging.darkroom.limits import keep_quiet, limited_time, set_limits
from bot.imaging.darkroom.messages import QUESTION, answer

if TYPE_CHECKING:
    from typing import BinaryIO

#: What `bot.imaging.opening` reads, loaded while there are no limits yet.
_PLUGINS = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)


def main(memory: int, seconds: float, patience: float) -> None:
    """Answer until nobody asks any more, within the limits of `bot.imaging.darkroom.limits`."""
    keep_quiet()
    set_limits(memory)
    with os.fdopen(os.dup(1), "wb") as answers, os.fdopen(os.dup(0), "rb") as questions:
        os.dup2(2, 1)  # whatever prints something does not speak to the bot
        while content := _next(questions):
            with limited_time(seconds, patience):
                said = answer(content)
            del content
            answers.write(said)
            answers.flush()


def _next(questions: BinaryIO) -> bytes:
    """Return the next question, or nothing where it was not asked to its end."""
    head = questions.read(QUESTION.size)
    if len(head) < QUESTION.size:
        return b""
    (length,) = QUESTION.unpack(head)
    content = questions.read(length)
    return content if len(content) == length else b""


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
