"""`Regions`: which part of a picture is to be repainted, chosen by cells, by an uploaded mask or by drawing.

The choice lives in a draft, so it outlives a restart; the mask is made when the job is asked for, of exactly the
picture's size. Knows the ports and `bot.imaging`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.errors import ActionUnavailable, MediaError, PictureInvalid, PictureUnusable
from bot.imaging.masks import SIDE, check_mask, mask_of_cells
from bot.imaging.opening import look_at
from bot.jobs.keeping.previews import Previews
from bot.jobs.requests import Ask, Filled
from bot.jobs.working import work
from bot.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from pathlib import Path

    from bot.jobs.asking.forms import Forms
    from bot.jobs.collection.sight import Sight
    from bot.jobs.keeping.inputs import Inputs, Upload
    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.ports import Clock, DraftStore, JobStore
    from bot.jobs.requests import Origin, Question
    from bot.model import Draft, Job

_log = logging.getLogger(__name__)

_FORM: Final = "region"
_USED: Final = "1"
_CELLS: Final = range(SIDE * SIDE)

_NO_REGION: Final = mark("This button repaints no region. `/show` brings the picture with its current ones.")
_GONE: Final = mark("This choice is not there any more. Press *Vary (Region)* under the picture again.")
_NO_PICTURE: Final = mark("The picture cannot be fetched just now. Try again in a few minutes.")
_NOTHING: Final = mark("Nothing is chosen yet. Choose at least one cell, or give me a mask, and then press this again.")
_DRAWN: Final = mark(
    "This link was used already. Press *Use my drawing* in Discord; to draw anew, press *Vary (Region)* under the "
    "picture again."
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A choice in the making.

    Attributes
    ----------
    draft_id
        On our buttons, and in the link to the drawing page.
    cells
        Numbers of the chosen cells, 0 to 24, row by row from the top left.
    has_mask, mask
        Whether an uploaded or drawn mask is there, which then counts instead of the cells; and its name as an input.
    preview
        A picture that shows what is chosen; a file of ours, replaced by the next choice.
    draw_url
        Where the drawing page is, for this person and choice; None where there is no such page, or it was used.
    """

    draft_id: str
    job: Job
    action_index: int
    cells: frozenset[int]
    has_mask: bool
    preview: Path
    draw_url: str | None = None
    mask: str | None = None


@final
class Regions:
    """Choices of regions.

    A draft of the form `region` has the fields `job` and `index` (which button), `cells` (numbers with commas between
    them), `mask` (an input, which counts instead) and `drawn` (`1` once the link was used).

    Parameters
    ----------
    folder
        Where previews are drawn; nothing else may live there.
    draw_link
        Makes the signed, expiring link to the drawing page of a draft; None where there is no page.
    """

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        jobs: JobStore,
        drafts: DraftStore,
        sight: Sight,
        forms: Forms,
        pictures: Pictures,
        inputs: Inputs,
        clock: Clock,
        folder: Path,
        draw_link: Callable[[str], str] | None = None,
    ) -> None:
        self._jobs = jobs
        self._drafts = drafts
        self._sight = sight
        self._forms = forms
        self._pictures = pictures
        self._inputs = inputs
        self._previews = Previews(folder, clock, pictures.darkroom, pictures.worker)
        self._draw_link = draw_link

    async def begin(self, origin: Origin, job_id: str, action_index: int) -> Region:
        """Begin a choice for the press of *Vary (Region)*.

        Raises
        ------
        JobUnknown, ActionUnavailable
            With the sentence to show; also where the picture cannot be had now.
        """
        question = await self._question(origin, job_id, action_index)
        await self._original(question.job)  # before there is a draft that nobody can do anything with
        fields = {"job": job_id, "index": str(action_index), "cells": "", "mask": "", "drawn": ""}
        return await self._region(await self._forms.keep(origin.user_id, _FORM, fields), question.job)

    async def open(self, origin: Origin, draft_id: str) -> Region:
        """Return a choice as it is now, such as after drawing.

        Raises
        ------
        JobUnknown, ActionUnavailable
            With the sentence to show.
        """
        return await self._region(*await self._own(origin, draft_id))

    async def question(self, origin: Origin, draft_id: str) -> Question:
        """Return what is asked for once a region is chosen: the words for it.

        Raises
        ------
        JobUnknown, ActionUnavailable
            With the sentence to show.
        """
        draft, job = await self._own(origin, draft_id)
        return await self._question(origin, job.id, int(draft.fields["index"]))

    async def choose(self, origin: Origin, draft_id: str, cells: Collection[int]) -> Region:
        """Choose cells; a mask that was there is forgotten.

        Raises
        ------
        JobUnknown, ActionUnavailable
            With the sentence to show.
        """
        _, job = await self._own(origin, draft_id)
        chosen = ",".join(str(cell) for cell in _CELLS if cell in cells)
        draft = await self._forms.change(origin.user_id, draft_id, {"cells": chosen, "mask": ""})
        return await self._region(draft, job)

    async def upload(
        self, origin: Origin, draft_id: str, upload: Upload, read: Callable[[], Awaitable[bytes]]
    ) -> Region:
        """Take an uploaded mask in the place of cells.

        Raises
        ------
        JobUnknown, ActionUnavailable, PictureInvalid
            With the sentence to show.
        """
        _, job = await self._own(origin, draft_id)
        _, size = await self._original(job)
        mask = await self._inputs.mask_from(upload, read, size)
        draft = await self._forms.change(origin.user_id, draft_id, {"mask": mask.name, "cells": ""})
        return await self._region(draft, job)

    async def fill(
        self, origin: Origin, draft_id: str, prompt: str, uploaded: Region | None = None
    ) -> tuple[Region, Filled]:
        """Return what is to be asked for: the prompt, and the mask made of what was chosen.

        Parameters
        ----------
        uploaded
            What became of the mask that came with the words: theirs, whatever was chosen on another device since.

        Raises
        ------
        JobUnknown, ActionUnavailable
            With the sentence to show; also where nothing is chosen.
        """
        region = uploaded or await self.open(origin, draft_id)
        if region.mask is not None:
            return region, Filled(prompt=prompt, mask=region.mask)
        if not region.cells:
            raise ActionUnavailable(say(_NOTHING))
        _, size = await self._original(region.job)
        mask = await self._inputs.keep(await work(self._pictures.worker, mask_of_cells, size, region.cells))
        return region, Filled(prompt=prompt, mask=mask.name)

    # For the drawing page, which knows a draft by its signed link and no interaction -----------------------------

    async def picture(self, draft_id: str) -> Path:
        """Return the picture to draw on.

        Raises
        ------
        ActionUnavailable
            The choice is gone or was drawn already, or its picture cannot be had.
        """
        path, _ = await self._to_draw(draft_id)
        return path

    async def drawn(self, draft_id: str, png: bytes) -> None:
        """Take a drawn mask in the place of cells, once for each link.

        Raises
        ------
        ActionUnavailable, PictureInvalid
            The choice is gone or was drawn already; the drawing is no PNG of the picture's size, or has nothing white.
        """
        _, size = await self._to_draw(draft_id)
        try:
            mask = await self._inputs.keep(await self._pictures.darkroom.run(check_mask, png, size))
        except PictureUnusable as error:
            unusable = say("That drawing cannot be used: {reason}. {advice}", reason=error.reason, advice=error.advice)
            raise PictureInvalid(unusable) from error
        fields = {"mask": mask.name, "cells": "", "drawn": _USED}
        if await self._drafts.change(draft_id, fields, where={"drawn": ""}) is None:
            raise ActionUnavailable(say(_DRAWN))

    async def _to_draw(self, draft_id: str) -> tuple[Path, tuple[int, int]]:
        draft = await self._drafts.get(draft_id)
        job = await self._jobs.get(draft.fields["job"]) if draft is not None and draft.form == _FORM else None
        if draft is None or job is None or job.deleted_at is not None:
            raise ActionUnavailable(say(_GONE))
        if draft.fields["drawn"] == _USED:
            raise ActionUnavailable(say(_DRAWN))
        return await self._original(job)

    # What all of them need ---------------------------------------------------------------------------------------

    async def _question(self, origin: Origin, job_id: str, action_index: int) -> Question:
        question = await self._forms.question(origin, job_id, action_index)
        if question is None or question.ask is not Ask.REGION:
            raise ActionUnavailable(say(_NO_REGION))
        return question

    async def _own(self, origin: Origin, draft_id: str) -> tuple[Draft, Job]:
        """Return a person's own choice, and the job that it is about."""
        draft = await self._forms.draft(origin.user_id, draft_id)
        if draft.form != _FORM:
            raise ActionUnavailable(say(_GONE))
        return draft, await self._sight.visible(origin, draft.fields["job"])

    async def _original(self, job: Job) -> tuple[Path, tuple[int, int]]:
        """Return the picture as the API has it, and its size in pixels: the mask's must be the same (contract 4.5)."""
        try:
            media = await self._pictures.obtain(job)
            if media is None:
                raise ActionUnavailable(say(_NO_PICTURE))
            look = await self._pictures.darkroom.run(look_at, media.path)
        except (MediaError, PictureUnusable) as error:
            _log.warning("No region can be chosen: %s", error, extra={"job": job.id})
            raise ActionUnavailable(say(_NO_PICTURE)) from error
        return media.path, (look.width, look.height)

    async def _region(self, draft: Draft, job: Job) -> Region:
        original, _ = await self._original(job)
        cells = frozenset(int(cell) for cell in draft.fields["cells"].split(",") if cell)
        mask = self._inputs.path(draft.fields["mask"])
        try:
            if mask is None:
                preview = await self._previews.of_cells(draft.id, original, cells)
            else:
                preview = await self._previews.of_mask(draft.id, original, mask)
        except PictureUnusable as error:
            _log.warning("No region can be shown: %s", error, extra={"job": job.id})
            raise ActionUnavailable(say(_NO_PICTURE)) from error
        return Region(
            draft_id=draft.id,
            job=job,
            action_index=int(draft.fields["index"]),
            cells=cells,
            has_mask=mask is not None,
            mask=mask.name if mask is not None else None,
            preview=preview,
            draw_url=None if draft.fields["drawn"] == _USED or not self._draw_link else self._draw_link(draft.id),
        )
