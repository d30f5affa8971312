"""From a prompt, its options and its pictures to one job, or to the question whether several are wanted.

`/imagine`, the menu *Use as reference* and a corrected prompt all come this way. Translates; what a prompt may say is
decided in `bot.prompt`, what a picture may be in `bot.jobs.inputs`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final

from bot.jobs.batches import BatchWish
from bot.jobs.requests import Wish
from bot.model import Kind, Order
from bot.prompt import Options, Reference, ReferenceKind, compose_all, fleeting_links, spell_out
from cogs.asking import origin_of
from cogs.commands.options import SPEED, speed_of
from cogs.components.batches import propose
from cogs.components.correcting import correctable
from cogs.messages.intake import take_in
from cogs.messages.replies import defer
from cogs.messages.uploads import address_of, pack, take_pictures, unpack
from cogs.render.forms import PROMPT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import discord

    from bot.client import EaselClient
    from bot.jobs.requests import Receipt
    from bot.model import Speed
    from cogs.messages.uploads import Picture

#: The name under which a refused prompt is kept as a draft.
FORM: Final = "/imagine"


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
    """

    text: str
    options: Options = Options()  # noqa: RUF009 - frozen, and nothing but defaults
    pictures: tuple[tuple[Picture, ReferenceKind], ...] = ()
    speed: str | None = None


async def imagine_all(interaction: discord.Interaction[EaselClient], wanted: Imagining) -> None:
    """Begin the job, or ask about the batch; a prompt that is refused comes back to be corrected."""
    await correctable(interaction, FORM, to_fields(wanted), _start(interaction, wanted))


async def _start(interaction: discord.Interaction[EaselClient], wanted: Imagining) -> None:
    links, text = fleeting_links(wanted.text)
    pictures = [*((link, ReferenceKind.IMAGE) for link in links), *wanted.pictures]
    references = tuple(Reference(kind, address_of(picture)) for picture, kind in wanted.pictures)
    count = sum(kind is ReferenceKind.IMAGE for _, kind in pictures)
    prompts = compose_all(text, replace(wanted.options, references=references), images=count)
    speed = speed_of(interaction.client, wanted.speed)
    if len(prompts) == 1:
        await take_in(interaction, _begin(interaction, prompts[0].text, pictures, speed))
        return
    if pictures:
        await defer(interaction, private=True)
    images = await _take(interaction, pictures)
    texts = tuple(prompt.text for prompt in prompts)
    await propose(interaction, BatchWish(typed=wanted.text, prompts=texts, speed=speed, images=images))


async def _begin(
    interaction: discord.Interaction[EaselClient],
    prompt: str,
    pictures: Sequence[tuple[Picture, ReferenceKind]],
    speed: Speed,
) -> Receipt:
    order = Order(images=await _take(interaction, pictures))
    wish = Wish(kind=Kind.IMAGINE, prompt=prompt, speed=speed, order=order)
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
    fields = {PROMPT: spell_out(wanted.text, wanted.options)}
    if wanted.speed is not None:
        fields[SPEED] = wanted.speed
    for number, (picture, kind) in enumerate(wanted.pictures, 1):
        fields |= {f"picture{number}": pack(picture), f"use{number}": kind.value}
    return fields


def from_fields(fields: Mapping[str, str]) -> Imagining:
    """Return what `to_fields` made fields of."""
    numbers = itertools.takewhile(lambda number: f"picture{number}" in fields, itertools.count(1))
    return Imagining(
        text=fields.get(PROMPT, ""),
        pictures=tuple((unpack(fields[f"picture{n}"]), ReferenceKind(fields[f"use{n}"])) for n in numbers),
        speed=fields.get(SPEED),
    )
