"""From a prompt, its options and its pictures to one job, or to the question whether several are wanted.

`/imagine`, the menu *Use as reference* and a corrected prompt all come this way. Translates; what a prompt may say is
decided in `bot.prompt`, what a picture may be in `bot.jobs.keeping.inputs`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final

from bot.jobs.asking.batches import BatchWish
from bot.jobs.requests import Wish
from bot.model import Kind, Order
from bot.prompt import Additions, Options, Reference, ReferenceKind, compose_all, fleeting_links, spell_out
from bot.prompt.models import API_DEFAULT
from cogs.asking import manners_of, origin_of
from cogs.commands.options import SPEED, filled, speed_of
from cogs.components.batches import propose
from cogs.components.correcting import correctable
from cogs.messages.intake import take_in
from cogs.messages.replies import defer, patiently
from cogs.messages.uploads import address_of, pack, take_pictures, unpack
from cogs.render.forms import PROMPT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import discord

    from bot.client import EaselClient
    from bot.jobs.requests import Receipt
    from bot.model import Speed
    from bot.prompt import Prompt
    from cogs.messages.uploads import Picture

#: The name under which a refused prompt is kept as a draft.
FORM: Final = "/imagine"
#: Fields of such a draft that have no place in its text: the preset, and what was chosen that adds nothing there.
_PRESET, _MODEL, _NOT_RAW = "preset", "model", "not_raw"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Imagining:
    """What somebody wants to have made.

    Attributes
    ----------
    text
        As typed.
    options
        Without references: those are among the pictures.
    pictures
        Each with what it is for.
    speed
        As chosen; None for the default.
    preset
        As typed or picked; None for none.
    """

    text: str
    options: Options = Options()  # noqa: RUF009 - frozen, and nothing but defaults
    pictures: tuple[tuple[Picture, ReferenceKind], ...] = ()
    speed: str | None = None
    preset: str | None = None


async def imagine_all(interaction: discord.Interaction[EaselClient], wanted: Imagining) -> None:
    """Begin the job, or ask about the batch; a prompt that is refused comes back to be corrected."""
    await correctable(interaction, FORM, to_fields(wanted), _start(interaction, wanted))


async def _start(interaction: discord.Interaction[EaselClient], wanted: Imagining) -> None:
    links, text = fleeting_links(wanted.text)
    pictures = [*((link, ReferenceKind.IMAGE) for link in links), *wanted.pictures]
    references = tuple(Reference(kind, address_of(picture)) for picture, kind in wanted.pictures)
    count = sum(kind is ReferenceKind.IMAGE for _, kind in pictures)
    options, private = replace(wanted.options, references=references), manners_of(interaction).private
    additions = await patiently(interaction, _additions(interaction, wanted.preset), private=private, at_once=True)
    prompts = compose_all(text, options, images=count, additions=additions)
    speed, paced = await patiently(interaction, speed_of(interaction, wanted.speed), private=private, at_once=True)
    if len(prompts) == 1:
        (prompt,) = prompts
        prompt = replace(prompt, applied=(*prompt.applied, *paced))
        await take_in(interaction, _begin(interaction, prompt, pictures, speed))
        return
    if pictures:
        await defer(interaction, private=True)
    wish = BatchWish(
        typed=wanted.text,
        prompts=tuple(prompt.text for prompt in prompts),
        speed=speed,
        images=await _take(interaction, pictures),
        applied=tuple((*prompt.applied, *paced) for prompt in prompts),
    )
    await propose(interaction, wish)


async def _additions(interaction: discord.Interaction[EaselClient], wanted: str | None) -> Additions:
    """Return what is added to the prompt of whoever asks, with the preset that they want."""
    services, user_id, guild_id = interaction.client.services, interaction.user.id, interaction.guild_id
    person, server = await services.preferences.defaults(user_id, guild_id)
    preset = await services.presets.find(user_id, guild_id, wanted) if wanted else None
    return Additions(preset=preset, person=person, server=server)


async def _begin(
    interaction: discord.Interaction[EaselClient],
    prompt: Prompt,
    pictures: Sequence[tuple[Picture, ReferenceKind]],
    speed: Speed,
) -> Receipt:
    order = Order(images=await _take(interaction, pictures), applied=prompt.applied)
    wish = Wish(kind=Kind.IMAGINE, prompt=prompt.text, speed=speed, order=order)
    return await interaction.client.services.jobs.begin(origin_of(interaction), wish)


async def _take(
    interaction: discord.Interaction[EaselClient], pictures: Sequence[tuple[Picture, ReferenceKind]]
) -> tuple[str, ...]:
    """Keep the pictures that are handed in as files. The others go as links, but have to be pictures just as well."""
    taken = await take_pictures(interaction, [picture for picture, _ in pictures])
    used = zip(taken, pictures, strict=True)
    return tuple(kept.name for kept, (_, kind) in used if kind is ReferenceKind.IMAGE)


def to_fields(wanted: Imagining) -> dict[str, str]:
    """Return all of it as the fields of a draft; the options become a part of the text, where they can be corrected."""
    options = wanted.options
    fields = filled(
        **{PROMPT: spell_out(wanted.text, options), SPEED: wanted.speed, _PRESET: wanted.preset},
        **{_MODEL: options.model if options.model == API_DEFAULT else None},
        **{_NOT_RAW: "yes" if options.raw is False else None},
    )
    for number, (picture, kind) in enumerate(wanted.pictures, 1):
        fields |= {f"picture{number}": pack(picture), f"use{number}": kind.value}
    return fields


def from_fields(fields: Mapping[str, str]) -> Imagining:
    """Return what `to_fields` made fields of."""
    numbers = itertools.takewhile(lambda number: f"picture{number}" in fields, itertools.count(1))
    return Imagining(
        text=fields.get(PROMPT, ""),
        options=Options(raw=False if _NOT_RAW in fields else None, model=fields.get(_MODEL)),
        pictures=tuple((unpack(fields[f"picture{n}"]), ReferenceKind(fields[f"use{n}"])) for n in numbers),
        speed=fields.get(SPEED),
        preset=fields.get(_PRESET),
    )
