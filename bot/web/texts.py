"""The texts of the drawing page: what stands on it, and what its scripts say there.

Imports only `bot.language`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping


def drawing_texts() -> Mapping[str, str]:
    """Return the texts by their places in `page/drawing.html`, in the language that is spoken."""
    return {**_labels(), **_sentences()}


def _labels() -> Mapping[str, str]:
    return {
        "title": say("Draw what to repaint"),
        "sheet": say("The picture, and on it in pink what will be repainted. Draw here with mouse, pen or finger."),
        "tools": say("Tools"),
        "tool": say("Tool"),
        "brush": say("Brush"),
        "lasso": say("Lasso"),
        "rectangle": say("Rectangle"),
        "eraser": say("Eraser"),
        "size": say("Size"),
        "size_hint": say("Of brush and eraser, in hundredths of the picture's shorter side"),
        "undo": say("Undo"),
        "redo": say("Redo"),
        "invert": say("Invert"),
        "clear": say("Clear"),
        "send": say("Use this"),
    }


def _sentences() -> Mapping[str, str]:
    """Return what is said on the page; `page/wording.js` reads those that the scripts say."""
    return {
        "no_script": say("This page needs JavaScript. Please switch it on for this address, then load the page again."),
        "fetching": say("Fetching the picture…"),
        "ready": say("Draw over what Midjourney is to paint anew. Everything else stays as it is."),
        "nothing": say("Nothing is drawn yet. Draw over a part of the picture first."),
        "sending": say("Sending…"),
        "done": say("Done. Go back to Discord and press “Use my drawing”."),
        "unreadable": say("The picture cannot be shown in this browser. Choose cells in Discord instead."),
        "lost": say("The connection broke. What you have drawn is still here: try again."),
        "no_picture": say("The picture could not be fetched. Load this page again."),
    }
