"""Forms as values: a title, the one text that it asks for, what comes of it and costs. And a refused text, given back.

Imports the model, the engine's questions, the prices and the text rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

from bot.jobs.requests import Ask
from bot.language import mark, say
from bot.model import Kind
from bot.prompt import price, remix_price, spell_price
from cogs.custom_ids import DraftVerb, draft_button
from cogs.render.controls import PRIMARY, Button, Rendered, action_name
from cogs.render.text import cut, flow, size

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
_CUT: Final = mark("Only its beginning is shown here; *Edit it* opens all of it.")

_ABOUT: Final = {
    Ask.ZOOM: mark("--zoom 1 to 2 says how far out; the rest says what to see there."),
    Ask.REMIX: mark("Change the prompt; left as it is, this is the ordinary button."),
    Ask.ANIMATE: mark("What should move, and how."),
    Ask.SUGGESTION: mark("Change it as you like."),
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
    is_short
        Whether it fits on one line.
    """

    title: str
    about: str
    text: str
    label: str = field(default_factory=lambda: say("Prompt"))
    required: bool = True
    is_short: bool = False


def render_question(question: Question) -> Form:
    """Return the form that a button of Midjourney's opens."""
    action, job = question.action, question.job
    name = action_name(action.label, action.emoji, action.kind)
    titles = {
        Ask.ZOOM: name,
        Ask.ANIMATE: name,
        Ask.REMIX: say("Remix: {button}", button=name),
        Ask.SUGGESTION: say("Imagine suggestion {number}", number=action.quadrant),
    }
    return Form(
        title=cut(titles[question.ask], TITLE),
        about=with_price(say(_ABOUT[question.ask]), *_costs(question)),
        text=question.prompt,
        required=not action.remixable or bool(job.prompt),
    )


def render_suggestion(number: int, suggestion: str, speed: Speed) -> Form:
    """Return the form that imagines a suggestion for which there is no button of Midjourney's."""
    return Form(
        title=cut(say("Imagine suggestion {number}", number=number), TITLE),
        about=with_price(say(_ABOUT[Ask.SUGGESTION]), price(Kind.IMAGINE, speed)),
        text=suggestion,
    )


def render_edit(prompt: str, kind: Kind, speed: Speed) -> Form:
    """Return the form that runs a whole prompt again."""
    return Form(
        title=cut(say("Edit and run again"), TITLE),
        about=with_price(say("Starts a new job; the one you see stays."), price(kind, speed)),
        text=prompt,
    )


def give_back(sentence: str, text: str, draft_id: str | None) -> tuple[Rendered, ...]:
    """Return the messages that say what was wrong with a text and give it back.

    With a draft that is one message with the button that opens the form again, and of a long text its beginning;
    without one, as many as the whole text needs.
    """
    rows = (
        ((Button(label=say("Edit it"), style=PRIMARY, custom_id=draft_button(draft_id, DraftVerb.FIX)),),)
        if draft_id
        else ()
    )
    if not text.strip():
        return (Rendered(content=sentence, rows=rows),)
    frame = size(f"\n{_FENCE}\n\n{_FENCE}")
    rest = f"\n{say(_CUT)}"
    blocks = _pieces(text.replace(_FENCE, "'''"), _MESSAGE - size(sentence) - frame - size(rest))
    shown = [f"{_FENCE}\n{block}\n{_FENCE}" for block in blocks]
    first = f"{sentence}\n{shown[0]}"
    if draft_id:
        return (Rendered(content=first + (rest if len(shown) > 1 else ""), rows=rows),)
    return (Rendered(content=first), *(Rendered(content=block) for block in shown[1:]))


def _costs(question: Question) -> tuple[Decimal | None, Decimal | None]:
    """Return what the button costs as it is, and the most it costs with a prompt of its own, where that is more."""
    kind, speed = question.action.kind, question.speed
    has_two_steps = question.action.remixable or question.ask is Ask.ANIMATE
    return price(kind, speed), remix_price(kind, speed) if has_two_steps else None


def with_price(words: str, cost: Decimal | None, most: Decimal | None = None) -> str:
    """Return what comes of a form, with what it costs; where both have no room, the words are cut.

    Parameters
    ----------
    words
        As said.
    most
        What it may cost, where that is more.
    """
    costs = _cost(cost, most)
    about = flow(words, costs)
    excess = size(about) - ABOUT
    return flow(cut(words, size(words) - excess), costs) if excess > 0 else about


def _cost(cost: Decimal | None, most: Decimal | None) -> str:
    if cost is None:
        return say("Its price is not known.")
    if most:
        return say("It costs {least} to ${most}.", least=spell_price(cost), most=most)
    return say("It costs {price}.", price=spell_price(cost)) if cost else say("It is free.")


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
