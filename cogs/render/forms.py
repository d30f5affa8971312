"""Forms as values: a title, the one text that it asks for, what comes of it and costs. And a refused text, given back.

Imports the model, the engine's questions, the prices and the text rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.jobs.requests import Ask
from bot.model import Kind
from bot.prompt import price, remix_price, spell_price
from cogs.custom_ids import DraftVerb, draft_button
from cogs.render.controls import PRIMARY, Button, Rendered, action_name
from cogs.render.text import cut, size

if TYPE_CHECKING:
    from decimal import Decimal

    from bot.jobs.requests import Question
    from bot.model import Speed

#: The name of a form's text in its own answer and in the fields of a draft.
PROMPT: Final = "prompt"

TITLE: Final = 45
ABOUT: Final = 100
_MESSAGE: Final = 2000
_FENCE: Final = "```"
_CUT: Final = "\nOnly its beginning is shown here; *Edit it* opens all of it."

_ABOUT: Final = {
    Ask.ZOOM: "--zoom 1 to 2 says how far out; the rest says what to see there.",
    Ask.REMIX: "Change the prompt; left as it is, this is the ordinary button.",
    Ask.ANIMATE: "What should move, and how.",
    Ask.SUGGESTION: "Change it as you like.",
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form with one long text.

    Attributes
    ----------
    title, label
        At most 45 characters.
    about
        What happens, and what it costs; at most 100 characters.
    text
        What it begins with.
    required
        Whether it may not be sent empty.
    """

    title: str
    about: str
    text: str
    label: str = "Prompt"
    required: bool = True


def render_question(question: Question) -> Form:
    """Return the form that a button of Midjourney's opens."""
    action, job = question.action, question.job
    name = action_name(action.label, action.emoji, action.kind)
    titles = {
        Ask.ZOOM: name,
        Ask.ANIMATE: name,
        Ask.REMIX: f"Remix: {name}",
        Ask.SUGGESTION: f"Imagine suggestion {action.quadrant}",
    }
    return Form(
        title=cut(titles[question.ask], TITLE),
        about=_about(_ABOUT[question.ask], *_costs(question)),
        text=question.prompt,
        required=not action.remixable or bool(job.prompt),
    )


def render_suggestion(number: int, suggestion: str, speed: Speed) -> Form:
    """Return the form that imagines a suggestion for which there is no button of Midjourney's."""
    return Form(
        title=f"Imagine suggestion {number}",
        about=_about(_ABOUT[Ask.SUGGESTION], price(Kind.IMAGINE, speed)),
        text=suggestion,
    )


def render_edit(prompt: str, kind: Kind, speed: Speed) -> Form:
    """Return the form that runs a whole prompt again."""
    return Form(
        title="Edit and run again",
        about=_about("Starts a new job; the one you see stays.", price(kind, speed)),
        text=prompt,
    )


def give_back(sentence: str, text: str, draft_id: str | None) -> tuple[Rendered, ...]:
    """Return the messages that say what was wrong with a text and give it back.

    With a draft that is one message with the button that opens the form again, and of a long text its beginning;
    without one, as many as the whole text needs.
    """
    rows = (
        ((Button(label="Edit it", style=PRIMARY, custom_id=draft_button(draft_id, DraftVerb.FIX)),),)
        if draft_id
        else ()
    )
    if not text.strip():
        return (Rendered(content=sentence, rows=rows),)
    frame = size(f"\n{_FENCE}\n\n{_FENCE}")
    blocks = _pieces(text.replace(_FENCE, "'''"), _MESSAGE - size(sentence) - frame - size(_CUT))
    shown = [f"{_FENCE}\n{block}\n{_FENCE}" for block in blocks]
    first = f"{sentence}\n{shown[0]}"
    if draft_id:
        return (Rendered(content=first + (_CUT if len(shown) > 1 else ""), rows=rows),)
    return (Rendered(content=first), *(Rendered(content=block) for block in shown[1:]))


def _costs(question: Question) -> tuple[Decimal | None, Decimal | None]:
    """Return what the button costs as it is, and the most it costs with a prompt of its own, where that is more."""
    kind, speed = question.action.kind, question.speed
    has_two_steps = question.action.remixable or question.ask is Ask.ANIMATE
    return price(kind, speed), remix_price(kind, speed) if has_two_steps else None


def _about(words: str, cost: Decimal | None, most: Decimal | None = None) -> str:
    if cost is None:
        return cut(f"{words} Its price is not known.", ABOUT)
    up_to = f" to ${most}" if most else ""
    return cut(f"{words} It {'costs' if cost else 'is'} {spell_price(cost)}{up_to}.", ABOUT)


def _pieces(text: str, room: int) -> list[str]:
    """Split a text into pieces of so many UTF-16 units."""
    pieces: list[str] = []
    piece: list[str] = []
    left = room
    for character in text:
        left -= size(character)
        if left < 0:
            pieces.append("".join(piece))
            piece, left = [], room - size(character)
        piece.append(character)
    return [*pieces, "".join(piece)]
