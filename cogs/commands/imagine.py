"""`/imagine`: a prompt with its options and pictures becomes a job, or several. Translates; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of options
from discord import app_commands

from bot.errors import PictureInvalid
from bot.language import mark, say
from bot.prompt import MODELS, Options, ReferenceKind
from cogs.asking import manners_of
from cogs.commands.imagining import FORM, Imagining, from_fields, imagine_all
from cogs.commands.options import SPEED_TEXT, SPEEDS, everywhere, text_form
from cogs.commands.suggesting import picked_prompt, suggest_aspect, suggest_preset, suggest_prompt
from cogs.components.correcting import return_text
from cogs.messages.replies import patiently
from cogs.messages.uploads import upload_of
from cogs.translating import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.client import EaselClient
    from cogs.messages.uploads import Picture

#: What Discord lets an option hold; `bot.prompt` says how long a prompt may really be, in a sentence.
_OPTION_LENGTH: Final = 6000
_SHORT_LENGTH: Final = 20
_PRESET_LENGTH: Final = 100

_MODELS: Final = [app_commands.Choice(name=verbatim(model.label), value=model.label) for model in MODELS]
_QUALITIES: Final = [app_commands.Choice(name=verbatim(each), value=each) for each in ("0.5", "1", "2", "4")]
USES: Final = [
    app_commands.Choice(name="image prompt: what is in it", value=ReferenceKind.IMAGE.value),
    app_commands.Choice(name="style reference: how it looks", value=ReferenceKind.STYLE.value),
    app_commands.Choice(name="character reference: who is in it (6, niji 6)", value=ReferenceKind.CHARACTER.value),
    app_commands.Choice(name="omni reference: anything in it (7)", value=ReferenceKind.OMNI.value),
]
#: One for each option, for they are called otherwise in other languages.
_NO_PICTURES: Final = (
    mark("`use1` says what a picture is for, but there is none: attach it as `image1`."),
    mark("`use2` says what a picture is for, but there is none: attach it as `image2`."),
    mark("`use3` says what a picture is for, but there is none: attach it as `image3`."),
)


@app_commands.command(name="imagine", description="Make a picture with Midjourney")
@everywhere
@app_commands.describe(
    prompt="What to see in the picture; parameters may follow, and {a, b} makes one of each",
    image1="A picture to go by",
    use1="What the first picture is for: an image prompt, unless you say otherwise",
    image2="A second picture to go by",
    use2="What the second picture is for",
    image3="A third picture to go by",
    use3="What the third picture is for",
    negative="What not to see in it, with commas between",
    aspect="Width to height, such as 16:9; type any other",
    model="Which model makes it",
    stylize="How much of Midjourney's own taste, 0 to 1000",
    chaos="How different the four are, 0 to 100",
    weird="How strange, 0 to 3000",
    seed="The same number makes much the same picture again",
    quality="How much time it takes over it",
    raw="Less of Midjourney's own taste",
    tile="A pattern that repeats without a seam",
    image_weight="How much image prompts count, 0 to 3",
    style_weight="How much style references count, 0 to 1000",
    character_weight="How much character references count, 0 to 100",
    omni_weight="How much omni references count, 0 to 1000",
    repeat="Make it so many times; you are asked first, with the price",
    preset="Words and parameters that you or others here keep under a name",
    speed=SPEED_TEXT,
)
@app_commands.choices(model=_MODELS, quality=_QUALITIES, speed=SPEEDS, use1=USES, use2=USES, use3=USES)
@app_commands.autocomplete(prompt=suggest_prompt, aspect=suggest_aspect, preset=suggest_preset)
async def imagine(  # noqa: PLR0913 - discord.py reads a command's options off its parameters
    interaction: discord.Interaction[EaselClient],
    prompt: app_commands.Range[str, 1, _OPTION_LENGTH],
    *,
    image1: discord.Attachment | None = None,
    use1: str | None = None,
    image2: discord.Attachment | None = None,
    use2: str | None = None,
    image3: discord.Attachment | None = None,
    use3: str | None = None,
    negative: app_commands.Range[str, 1, _OPTION_LENGTH] | None = None,
    aspect: app_commands.Range[str, 1, _SHORT_LENGTH] | None = None,
    model: str | None = None,
    stylize: int | None = None,
    chaos: int | None = None,
    weird: int | None = None,
    seed: int | None = None,
    quality: str | None = None,
    raw: bool | None = None,
    tile: bool = False,
    image_weight: float | None = None,
    style_weight: int | None = None,
    character_weight: int | None = None,
    omni_weight: int | None = None,
    repeat: int | None = None,
    preset: app_commands.Range[str, 1, _PRESET_LENGTH] | None = None,
    speed: str | None = None,
) -> None:
    """Begin the job, or ask about the batch."""
    options = Options(
        aspect=aspect,
        model=model,
        negative=negative,
        stylize=stylize,
        chaos=chaos,
        weird=weird,
        seed=seed,
        quality=quality,
        raw=raw,
        tile=tile,
        image_weight=image_weight,
        style_weight=style_weight,
        character_weight=character_weight,
        omni_weight=omni_weight,
        repeat=repeat,
    )
    try:
        pictures = _pictures((image1, use1), (image2, use2), (image3, use3))
    except PictureInvalid as error:
        await return_text(interaction, error, prompt)
        return
    private = manners_of(interaction).private
    text = await patiently(interaction, picked_prompt(interaction, prompt), private=private, at_once=True)
    wanted = Imagining(text=text, options=options, pictures=pictures, speed=speed, preset=preset)
    await imagine_all(interaction, wanted)


def _pictures(*given: tuple[discord.Attachment | None, str | None]) -> tuple[tuple[Picture, ReferenceKind], ...]:
    pictures: list[tuple[Picture, ReferenceKind]] = []
    for number, (image, use) in enumerate(given, 1):
        if image is not None:
            pictures.append((upload_of(image), ReferenceKind(use) if use else ReferenceKind.IMAGE))
        elif use is not None:
            raise PictureInvalid(say(_NO_PICTURES[number - 1]))
    return tuple(pictures)


async def _again(interaction: discord.Interaction[EaselClient], fields: Mapping[str, str]) -> None:
    await imagine_all(interaction, from_fields(fields))


async def setup(client: EaselClient) -> None:
    """Add the command, and the form in which a refused prompt comes back."""
    client.forms.add_draft(FORM, text_form(mark("Imagine"), _again))
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", imagine))
