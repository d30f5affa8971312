"""The forms that buttons open: Custom Zoom, remix, a suggestion, a video, a whole prompt to run again.

Opened from what is stored, as the first answer; the API's action is sent only after the form has come back. Submits are
found by their custom_id, so a form from before a restart works. Translates; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, final

from bot.client_handlers import DraftForm
from bot.errors import ActionUnavailable
from bot.jobs.asking.filling import PURPOSES, editable, edited, edited_kind, fill
from bot.jobs.requests import Wish
from bot.language import mark, say
from bot.model import Kind
from bot.prompt import compose, read_suggestions
from cogs.asking import origin_of
from cogs.components.correcting import correctable
from cogs.components.modal_values import texts
from cogs.custom_ids import ACTION_FORM, EDIT_FORM, SUGGESTION_FORM, FormName, job_form
from cogs.messages.intake import take_in
from cogs.messages.replies import promptly
from cogs.messages.views import build_form
from cogs.render.forms import PROMPT, render_edit, render_question, render_suggestion
from cogs.render.origin import SUGGESTION

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable, Mapping
    from typing import TypeAlias

    import discord

    from bot.client import EaselClient
    from bot.jobs.requests import Question, Receipt
    from bot.model import Job
    from cogs.render.forms import Form

    Interaction: TypeAlias = discord.Interaction[EaselClient]
    Fields: TypeAlias = Mapping[str, str]

_JOB: Final = "job"
_NUMBER: Final = "number"
_NO_FORM: Final = mark("That button takes no prompt, so nothing was sent. It can be pressed as it is.")
_NO_SUGGESTION: Final = mark("There is no such suggestion here. Use `/imagine` with your own words.")


@final
@dataclass(frozen=True, slots=True)
class _Ways:
    """A form that is about a job: what it looks like before it is filled in, and what comes of it."""

    form: Callable[[Interaction, Fields], Awaitable[Form]]
    request: Callable[[Interaction, Fields], Awaitable[Receipt]]


async def open_question(interaction: Interaction, question: Question) -> None:
    """Open the form of a stored button, whose question is known already."""
    custom_id = job_form(FormName.ACTION, question.job.id, question.action.index)
    await interaction.response.send_modal(build_form(render_question(question), custom_id))


async def open_form(interaction: Interaction, name: FormName, job_id: str, number: int | None = None) -> None:
    """Open the form of a stored button (its number), of a suggestion (counted from 1), or of a whole prompt.

    Raises
    ------
    UserFacing, StorageError
        With the sentence to show.
    """
    fields = {_JOB: job_id, _NUMBER: str(number)}
    form = await promptly(interaction, _WAYS[name].form(interaction, fields))
    await interaction.response.send_modal(build_form(form, job_form(name, job_id, number)))


async def _submitted(name: FormName, interaction: Interaction, match: re.Match[str], /) -> None:
    await _take(name, interaction, {**match.groupdict(), PROMPT: texts(interaction.data).get(PROMPT, "")})


async def _take(name: FormName, interaction: Interaction, fields: Fields) -> None:
    """Make a job of what was filled in, or give it back."""
    await correctable(
        interaction, _draft_name(name), fields, take_in(interaction, _WAYS[name].request(interaction, fields))
    )


def _draft_name(name: FormName) -> str:
    """Return what a draft of this form is called; commands have forms of such names too."""
    return f"job.{name}"


async def _reopen(name: FormName, interaction: Interaction, fields: Fields, custom_id: str) -> discord.ui.Modal:
    form = await _WAYS[name].form(interaction, fields)
    return build_form(replace(form, text=fields[PROMPT]), custom_id)


async def _question(interaction: Interaction, fields: Fields) -> Question:
    origin, number = origin_of(interaction), int(fields[_NUMBER])
    question = await interaction.client.services.forms.question(origin, fields[_JOB], number, remix=True)
    if question is None or question.ask not in PURPOSES:
        raise ActionUnavailable(say(_NO_FORM))
    return question


async def _action_form(interaction: Interaction, fields: Fields) -> Form:
    return render_question(await _question(interaction, fields))


async def _act(interaction: Interaction, fields: Fields) -> Receipt:
    question = await _question(interaction, fields)
    filled = fill(question, fields[PROMPT])
    jobs = interaction.client.services.jobs
    return await jobs.act(origin_of(interaction), question.job.id, question.action.index, filled)


async def _job(interaction: Interaction, fields: Fields) -> Job:
    return await interaction.client.services.library.find(origin_of(interaction), fields[_JOB], None)


async def _suggestion_form(interaction: Interaction, fields: Fields) -> Form:
    job, number = await _job(interaction, fields), int(fields[_NUMBER])
    suggestions = read_suggestions(job.result_text)
    if number > len(suggestions):
        raise ActionUnavailable(say(_NO_SUGGESTION))
    return render_suggestion(number, suggestions[number - 1], job.speed)


async def _imagine(interaction: Interaction, fields: Fields) -> Receipt:
    job = await _job(interaction, fields)
    wish = Wish(
        kind=Kind.IMAGINE,
        prompt=compose(fields[PROMPT]).text,
        speed=job.speed,
        parent_id=job.id,
        label=f"{SUGGESTION} {fields[_NUMBER]}",
    )
    return await interaction.client.services.jobs.begin(origin_of(interaction), wish)


async def _edit_form(interaction: Interaction, fields: Fields) -> Form:
    job = await _job(interaction, fields)
    return render_edit(editable(job), edited_kind(job), job.speed)


async def _run_again(interaction: Interaction, fields: Fields) -> Receipt:
    job = await _job(interaction, fields)
    prompt = edited(job, fields[PROMPT])
    return await interaction.client.services.again.run(origin_of(interaction), job.id, prompt)


_WAYS: Final[Mapping[FormName, _Ways]] = {
    FormName.ACTION: _Ways(_action_form, _act),
    FormName.SUGGESTION: _Ways(_suggestion_form, _imagine),
    FormName.EDIT: _Ways(_edit_form, _run_again),
}


async def setup(client: EaselClient) -> None:
    """Let the client know these forms, and how to correct them."""
    patterns = {FormName.ACTION: ACTION_FORM, FormName.SUGGESTION: SUGGESTION_FORM, FormName.EDIT: EDIT_FORM}
    for name, pattern in patterns.items():
        client.forms.add(pattern, partial(_submitted, name))
        client.forms.add_draft(_draft_name(name), DraftForm(partial(_reopen, name), partial(_take, name)))
