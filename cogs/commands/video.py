"""`/video`: a picture moves, or a finished video goes on. Translates; decides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of options
from discord import app_commands

from bot.errors import ActionUnavailable, JobUnknown, PictureInvalid
from bot.jobs.requests import Wish
from bot.language import mark, say, say_many
from bot.model import Kind, Motion, Order, Route, Speed, Status, is_grid
from bot.prompt import Purpose, compose, price
from cogs.asking import origin_of
from cogs.commands.options import SPEED, everywhere, filled, speed_of, text_form
from cogs.commands.suggesting import suggest_picture
from cogs.components.correcting import correctable
from cogs.custom_ids import find_job_id
from cogs.messages.intake import take_in
from cogs.messages.replies import patiently
from cogs.messages.uploads import pack, take_pictures, unpack, upload_of
from cogs.render.forms import PROMPT
from cogs.render.origin import ANIMATE, EXTEND, is_video
from cogs.translating import priced

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.client import EaselClient
    from bot.jobs.requests import Receipt, Shown

    Interaction = discord.Interaction[EaselClient]
    Fields = Mapping[str, str]

_OPTION_LENGTH: Final = 6000
_PASTED: Final = 300
_FORM: Final = "/video"
_IMAGE, _JOB, _NUMBER, _MOTION, _LOOP, _END = "image", "job", "number", "motion", "loop", "end"

_MOTIONS: Final = [
    app_commands.Choice(name="low: little moves, the camera stands still", value=Motion.LOW.value),
    app_commands.Choice(name="high: everything moves, the camera too", value=Motion.HIGH.value),
]
_SPEEDS: Final = [
    app_commands.Choice(name="fast", value=Speed.FAST.value),
    app_commands.Choice(name="relax: it can take long", value=Speed.RELAX.value),
]
_ONE_SOURCE: Final = mark(
    "Give me one picture to move: attach it as `image`, or choose a picture or video of yours as `job`."
)
_ONE_END: Final = mark(
    "A video ends as it began (`loop`) or with a picture of yours (`end`), not with both. Leave one of the two out."
)
_NO_NUMBER: Final = mark("`number` says which of a job's pictures is meant, so it goes with `job`. Leave it out.")
_NO_JOB: Final = mark("That is no job of mine. Choose one of the suggestions, or paste the id from *Details*.")
_NOT_DONE: Final = mark("That job has no picture or video yet. Try again once it is done.")
_WHICH_PICTURE: Final = mark("That is a grid of four. Say with `number` which of them is to move, 1 to 4.")
_ONE_PICTURE: Final = mark("That job's picture is one by itself and not a grid of four. Leave `number` out.")
_NO_SUCH_VIDEO: Final = mark(
    "That job has fewer videos than that. Choose a lower `number`, or leave it out if there is one."
)
_GONE: Final = mark("The picture cannot be fetched just now. Nothing was sent; try again in a few minutes.")


@app_commands.command(
    name="video",
    description=priced("Let a picture move, or a video go on ({price})", price(Kind.ANIMATE, Speed.FAST)),
)
@everywhere
@app_commands.describe(
    image="The picture that it begins with",
    job="Or a picture of yours to move, or a video of yours to go on with",
    number="Which picture of a grid, or which video of several",
    motion="How much moves; low, unless you say otherwise",
    prompt="What happens in it",
    loop="End as it began",
    end="The picture that it ends with",
    speed="How soon it comes; there is no turbo for videos, so fast stands in for it",
)
@app_commands.choices(motion=_MOTIONS, speed=_SPEEDS)
@app_commands.autocomplete(job=suggest_picture)
async def video(  # noqa: PLR0913 - discord.py reads a command's options off its parameters
    interaction: discord.Interaction[EaselClient],
    *,
    image: discord.Attachment | None = None,
    job: app_commands.Range[str, 1, _PASTED] | None = None,
    number: app_commands.Range[int, 1, 4] | None = None,
    motion: str | None = None,
    prompt: app_commands.Range[str, 1, _OPTION_LENGTH] | None = None,
    loop: bool = False,
    end: discord.Attachment | None = None,
    speed: str | None = None,
) -> None:
    """Take the pictures in and have the video made."""
    fields = filled(
        **{PROMPT: prompt, SPEED: speed, _JOB: job, _MOTION: motion},
        **{_IMAGE: pack(upload_of(image)) if image is not None else None},
        **{_END: pack(upload_of(end)) if end is not None else None},
        **{_NUMBER: str(number) if number is not None else None, _LOOP: "yes" if loop else None},
    )
    await _video(interaction, fields)


async def _video(interaction: Interaction, fields: Fields) -> None:
    await correctable(interaction, _FORM, fields, _start(interaction, fields))


async def _start(interaction: Interaction, fields: Fields) -> None:
    if (_IMAGE in fields) == (_JOB in fields):
        raise PictureInvalid(say(_ONE_SOURCE))
    if _LOOP in fields and _END in fields:
        raise PictureInvalid(say(_ONE_END))
    if _NUMBER in fields and _JOB not in fields:
        raise PictureInvalid(say(_NO_NUMBER))
    composed = compose(fields.get(PROMPT, ""), purpose=Purpose.VIDEO)
    private = _JOB in fields and await patiently(
        interaction, _is_private(interaction, fields), private=True, at_once=True
    )
    await take_in(interaction, _begin(interaction, composed.text, fields), private=private)


async def _is_private(interaction: Interaction, fields: Fields) -> bool:
    """Return whether what is to move is shown to this person alone."""
    job = (await interaction.client.services.library.show(origin_of(interaction), _job_id(fields))).job
    return job.is_private


def _job_id(fields: Fields) -> str:
    job_id = find_job_id(fields[_JOB])
    if job_id is None:
        raise JobUnknown(say(_NO_JOB))
    return job_id


async def _begin(interaction: Interaction, prompt: str, fields: Fields) -> Receipt:
    client = interaction.client
    speed, applied = await speed_of(interaction, fields.get(SPEED))
    motion = Motion(fields.get(_MOTION, Motion.LOW))
    order = Order(route=Route.VIDEO, motion=motion, loop=_LOOP in fields, applied=applied)
    wish = Wish(kind=Kind.ANIMATE, prompt=prompt, speed=speed, order=order)
    given = [name for name in (_IMAGE, _END) if name in fields]
    taken = await take_pictures(interaction, [unpack(fields[name]) for name in given])
    names = {name: kept.name for name, kept in zip(given, taken, strict=True)}
    wish = replace(wish, order=replace(order, end=names.get(_END)))
    if _IMAGE in names:
        wish = replace(wish, order=replace(wish.order, images=(names[_IMAGE],)))
    else:
        wish = await _from_job(interaction, wish, fields)
    return await client.services.jobs.begin(origin_of(interaction), wish)


async def _from_job(interaction: Interaction, wish: Wish, fields: Fields) -> Wish:
    """Return the wish for a video that begins with a job's picture, or that goes on with its video."""
    services, origin = interaction.client.services, origin_of(interaction)
    job_id = _job_id(fields)
    number = int(fields[_NUMBER]) if _NUMBER in fields else None
    shown = await services.library.show(origin, job_id)
    if shown.job.status is not Status.SUCCEEDED:
        raise ActionUnavailable(say(_NOT_DONE))
    if is_video(shown.job):
        index = _which_video(shown, number)
        return replace(wish, parent_id=job_id, label=EXTEND, order=replace(wish.order, index=index))
    if is_grid(shown.job, shown.actions) == (number is None):
        raise ActionUnavailable(say(_WHICH_PICTURE) if number is None else say(_ONE_PICTURE))
    picture = await services.inputs.take_file(await _file_of(interaction, job_id, number))
    return replace(wish, parent_id=job_id, label=ANIMATE, order=replace(wish.order, images=(picture.name,)))


async def _file_of(interaction: Interaction, job_id: str, number: int | None) -> Path:
    """Return a job's picture, or one quarter of it."""
    library, origin = interaction.client.services.library, origin_of(interaction)
    if number is not None:
        _, quarters = await library.quarters(origin, job_id)
        return quarters[number - 1].path
    media = (await library.open(origin, job_id)).media
    if media is None:
        raise ActionUnavailable(say(_GONE))
    return media.path


def _which_video(shown: Shown, number: int | None) -> int:
    """Return the index of the video that is meant."""
    count = 1 + len(shown.job.more_urls)
    if number is None and count > 1:
        raise ActionUnavailable(
            say_many(
                "That job has {count} video. Say with `number` which of them is to go on, 1 to {count}.",
                "That job has {count} videos. Say with `number` which of them is to go on, 1 to {count}.",
                count,
            )
        )
    if number is not None and number > count:
        raise ActionUnavailable(say(_NO_SUCH_VIDEO))
    return (number or 1) - 1


async def setup(client: EaselClient) -> None:
    """Add the command, and the form in which a refused text comes back."""
    client.forms.add_draft(_FORM, text_form(mark("Video"), _video, required=False))
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", video))
