"""`Forms`: what a press asks for before a job can come of it, and what people have filled in so far.

Everything is decided from what is stored, without waiting for the API: Discord takes a form only as the first answer.
Knows the ports and `bot.prompt`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from ulid import ULID

from bot.errors import ActionUnavailable
from bot.jobs import policy
from bot.jobs.asking.filling import PURPOSES
from bot.jobs.requests import Ask, Question
from bot.language import mark, say
from bot.model import Draft, Kind
from bot.prompt import prefilled, read_suggestions, zoomed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.jobs.asking.service import JobService
    from bot.jobs.collection.sight import Sight
    from bot.jobs.people.preferences import Preferences
    from bot.jobs.ports import Clock, Memory
    from bot.jobs.requests import Origin
    from bot.model import Action, Job

_GONE: Final = mark("That has been used already, or it is more than a day old. Please start again.")


@final
class Forms:
    """Questions and drafts."""

    def __init__(
        self, *, memory: Memory, sight: Sight, service: JobService, preferences: Preferences, clock: Clock
    ) -> None:
        self._drafts = memory.drafts
        self._preferences = preferences
        self._sight = sight
        self._service = service
        self._clock = clock

    async def question(self, origin: Origin, job_id: str, action_index: int, *, remix: bool = False) -> Question | None:
        """Return what the press of a stored button asks for; None if it can be done at once.

        Parameters
        ----------
        remix
            Whether the person asked to change the prompt, whatever their settings say.

        Raises
        ------
        JobUnknown, ActionUnavailable
            With the sentence to show.
        """
        job = await self._sight.visible(origin, job_id)
        action = await self._service.action(job, action_index)
        if action.remixable and not remix:
            remix = (await self._preferences.person(origin.user_id)).remix
        ask = _ask(job, action, remix=remix)
        if ask is None:
            return None
        prompt, speed = _prefilled(ask, job, action), policy.speed_for(action.kind, job.speed)
        return Question(ask=ask, job=job, action=action, prompt=prompt, speed=speed)

    async def keep(self, user_id: int, form: str, fields: Mapping[str, str]) -> Draft:
        """Keep what was filled in, and return it with an id that our buttons can carry."""
        now = self._clock.now()
        draft = Draft(id=str(ULID.from_datetime(now)), user_id=user_id, form=form, created_at=now, fields=dict(fields))
        await self._drafts.put(draft)
        return draft

    async def draft(self, user_id: int, draft_id: str) -> Draft:
        """Return a person's own draft.

        Raises
        ------
        ActionUnavailable
            It is not there any more, or somebody else's.
        """
        draft = await self._drafts.get(draft_id)
        if draft is None or draft.user_id != user_id:
            raise ActionUnavailable(say(_GONE))
        return draft

    async def change(self, user_id: int, draft_id: str, fields: Mapping[str, str]) -> Draft:
        """Set some fields of a person's own draft and return it as it is then.

        Raises
        ------
        ActionUnavailable
            It is not there any more, or somebody else's.
        """
        await self.draft(user_id, draft_id)
        changed = await self._drafts.change(draft_id, fields)
        if changed is None:
            raise ActionUnavailable(say(_GONE))
        return changed

    async def take(self, user_id: int, draft_id: str) -> Draft:
        """Return a person's own draft and forget it: of two who want it at once, one gets it.

        Raises
        ------
        ActionUnavailable
            It is not there any more, or somebody else's.
        """
        await self.draft(user_id, draft_id)
        draft = await self._drafts.take(draft_id)
        if draft is None:
            raise ActionUnavailable(say(_GONE))
        return draft

    async def drop(self, user_id: int, draft_id: str) -> None:
        """Forget a person's own draft; one that is gone already is no error."""
        draft = await self._drafts.get(draft_id)
        if draft is not None and draft.user_id == user_id:
            await self._drafts.take(draft_id)


def _ask(job: Job, action: Action, *, remix: bool) -> Ask | None:
    if action.kind is Kind.BOOKMARK:
        return Ask.FAVORITE
    if action.kind is Kind.REGION:
        return Ask.REGION
    if action.needs_input and action.kind is Kind.IMAGINE:
        return Ask.SUGGESTION if suggestion(job, action) is not None else Ask.EVERY_SUGGESTION
    if action.needs_input:
        return Ask.ANIMATE if action.kind is Kind.ANIMATE else Ask.ZOOM
    if remix and action.remixable:
        return Ask.ANIMATE if action.kind is Kind.ANIMATE else Ask.REMIX
    return None


def _prefilled(ask: Ask, job: Job, action: Action) -> str:
    if ask is Ask.SUGGESTION:
        return suggestion(job, action) or job.prompt
    if ask is Ask.ZOOM:
        return zoomed(job.prompt)
    purpose = PURPOSES.get(ask)
    return job.prompt if purpose is None else prefilled(job.prompt, purpose)


def suggestion(job: Job, action: Action) -> str | None:
    """Return the suggested prompt that a numbered button stands for; None for the button that means all of them.

    A number without a suggestion of its own stands for an empty one: the person fills it in.
    """
    if action.quadrant is None:
        return None
    suggestions = read_suggestions(job.result_text)
    return suggestions[action.quadrant - 1] if action.quadrant <= len(suggestions) else ""
