"""The sampler's forms, layouts, selects and buttons: one of everything; each answers with what it was given."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final, cast, final

import discord
from discord import ui
from PIL import Image
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.browser.sampler import Sampler

    Asked = discord.Interaction[Sampler]

HOSTILE: Final = '<img src=x onerror="alert(1)"><script>alert(2)</script>[x](javascript:alert(3))'
"""Runs, if anything at all is taken for markup."""

_COLORS: Final = {"boat.png": (40, 90, 160), "tree.png": (50, 130, 70), "moon.png": (200, 190, 120)}


def png(name: str, size: tuple[int, int] = (320, 200)) -> discord.File:
    """Paint a picture; its color tells which."""
    file = io.BytesIO()
    Image.new("RGB", size, _COLORS.get(name, (120, 60, 120))).save(file, "PNG")
    file.seek(0)
    return discord.File(file, filename=name, description=f"A {name.removesuffix('.png')}")


def text_file(name: str) -> discord.File:
    """Write a small text."""
    return discord.File(io.BytesIO(b"Nothing is written here.\n"), filename=name)


def hostile_embed() -> discord.Embed:
    """Make an embed that runs if any of its texts is taken for markup."""
    embed = discord.Embed(title=HOSTILE, description=HOSTILE)
    embed.set_author(name=HOSTILE)
    embed.set_footer(text=HOSTILE)
    return embed.add_field(name=HOSTILE, value=HOSTILE)


async def repeat(interaction: Asked, **answers: object) -> None:
    """Answer with what was filled in."""
    await interaction.response.send_message("\n".join(f"{name}: {value}" for name, value in answers.items()))


def names(things: Iterable[Any]) -> str:
    """List people, roles, channels and files by name."""
    return ", ".join(str(getattr(thing, "filename", None) or thing.name) for thing in things)


# Forms ------------------------------------------------------------------------------------------------------------


@final
class WordsForm(ui.Modal, title="About you"):
    """Texts, a file and a checkbox."""

    intro: ui.TextDisplay[Any] = ui.TextDisplay("Tell me **something** about you.")
    name: ui.Label[Any] = ui.Label(text="Name", component=ui.TextInput[Any](min_length=2, max_length=20))
    story: ui.Label[Any] = ui.Label(
        text="Story",
        description="As long as you like",
        component=ui.TextInput[Any](style=discord.TextStyle.paragraph, required=False),
    )
    pictures: ui.Label[Any] = ui.Label(text="Pictures", component=ui.FileUpload[Any](required=False, max_values=2))
    agrees: ui.Label[Any] = ui.Label(text="I agree", component=ui.Checkbox[Any]())

    @override
    async def on_submit(self, interaction: Asked, /) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - the client's type is known
        name = cast("ui.TextInput[Any]", self.name.component).value
        if name == "nobody":
            raise LookupError("nobody is there")
        await repeat(
            interaction,
            Name=name,
            Story=cast("ui.TextInput[Any]", self.story.component).value,
            Pictures=names(cast("ui.FileUpload[Any]", self.pictures.component).values),
            Agrees=cast("ui.Checkbox[Any]", self.agrees.component).value,
        )

    @override
    async def on_error(self, interaction: Asked, error: Exception, /) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - the client's type is known
        """Leave the person without an answer, and the form open for another try."""


@final
class ChoicesForm(ui.Modal, title="Your order"):
    """One of a list, one of few, some of few."""

    fruit: ui.Label[Any] = ui.Label(
        text="Fruit",
        component=ui.Select[Any](
            placeholder="Pick fruit",
            max_values=2,
            options=[discord.SelectOption(label=one, value=one.lower()) for one in ("Apple", "Cherry", "Pear")],
        ),
    )
    size: ui.Label[Any] = ui.Label(
        text="Size",
        component=ui.RadioGroup[Any](
            options=[
                discord.RadioGroupOption(label="Small", value="s", description="For one"),
                discord.RadioGroupOption(label="Large", value="l"),
            ]
        ),
    )
    toppings: ui.Label[Any] = ui.Label(
        text="Toppings",
        component=ui.CheckboxGroup[Any](
            required=False,
            options=[discord.CheckboxGroupOption(label=one, value=one.lower()) for one in ("Nuts", "Cream", "Mint")],
        ),
    )

    @override
    async def on_submit(self, interaction: Asked, /) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - the client's type is known
        await repeat(
            interaction,
            Fruit=", ".join(cast("ui.Select[Any]", self.fruit.component).values),
            Size=cast("ui.RadioGroup[Any]", self.size.component).value,
            Toppings=", ".join(cast("ui.CheckboxGroup[Any]", self.toppings.component).values),
        )


@final
class PeopleForm(ui.Modal, title="Who and where"):
    """People, roles and channels."""

    person: ui.Label[Any] = ui.Label(text="Person", component=ui.UserSelect[Any](required=True))
    role: ui.Label[Any] = ui.Label(text="Role", component=ui.RoleSelect[Any]())
    place: ui.Label[Any] = ui.Label(text="Place", component=ui.ChannelSelect[Any]())
    anyone: ui.Label[Any] = ui.Label(text="Anyone", component=ui.MentionableSelect[Any](max_values=3))

    @override
    async def on_submit(self, interaction: Asked, /) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - the client's type is known
        labels = {"Person": self.person, "Role": self.role, "Place": self.place, "Anyone": self.anyone}
        answers = {name: names(cast("ui.UserSelect[Any]", label.component).values) for name, label in labels.items()}
        await repeat(interaction, **answers)


@final
class HostileForm(ui.Modal, title=HOSTILE[:45]):
    """Runs if any of its texts is taken for markup."""

    words: ui.TextDisplay[Any] = ui.TextDisplay(HOSTILE)
    field: ui.Label[Any] = ui.Label(
        text=HOSTILE[:45],
        description=HOSTILE,
        component=ui.TextInput[Any](placeholder=HOSTILE, default=HOSTILE, required=False),
    )

    @override
    async def on_submit(self, interaction: Asked, /) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - the client's type is known
        await repeat(interaction, field=cast("ui.TextInput[Any]", self.field.component).value)


# Buttons and selects ----------------------------------------------------------------------------------------------


@final
class Releasing(ui.View):
    """Lets an interaction that is thought about be answered."""

    def __init__(self, thinking: Asked) -> None:
        super().__init__(timeout=None)
        self._thinking = thinking

    @ui.button(label="That is enough")
    async def release(self, interaction: Asked, _: ui.Button[Any]) -> None:
        await interaction.response.defer()
        await self._thinking.edit_original_response(content="I thought about it: **yes**.")


@final
class Counting(ui.View):
    """Edits its message in place, and takes it away."""

    presses = 0

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="One more", style=discord.ButtonStyle.primary)
    async def more(self, interaction: Asked, _: ui.Button[Any]) -> None:
        self.presses += 1
        await interaction.response.edit_message(content=f"Pressed {self.presses} times.")

    @ui.button(label="Take it away", style=discord.ButtonStyle.danger)
    async def away(self, interaction: Asked, _: ui.Button[Any]) -> None:
        await interaction.response.defer()
        await interaction.delete_original_response()


@final
class Selects(ui.View):
    """All five kinds; answers the person alone what they chose."""

    def __init__(self, words: str = "") -> None:
        super().__init__(timeout=None)
        labels = [words[:100]] if words else ["Apple", "Cherry", "Pear"]
        choices = [
            discord.SelectOption(
                label=one, value=one.lower(), description=words[:100] or f"A {one.lower()}", emoji="🍏"
            )
            for one in labels
        ]
        most = len(choices)
        self._add(ui.Select(placeholder=words[:150] or "Fruit", options=choices, max_values=most), "Fruit")
        self._add(ui.UserSelect(placeholder="Person"), "Person")
        self._add(ui.RoleSelect(placeholder="Role"), "Role")
        self._add(ui.ChannelSelect(placeholder="Place"), "Place")
        self._add(ui.MentionableSelect(placeholder="Anyone", min_values=0, max_values=2), "Anyone")

    def _add(self, select: Any, title: str) -> None:  # noqa: ANN401 - five unrelated types
        async def answer(interaction: Asked) -> None:
            values: list[Any] = select.values
            said = ", ".join(values) if title == "Fruit" else names(values)
            await interaction.response.send_message(f"{title}: {said}", ephemeral=True)

        select.callback = answer
        self.add_item(select)


async def say_pressed(interaction: Asked) -> None:
    """Say which button was pressed."""
    await interaction.response.send_message("Pressed.", ephemeral=True)


@final
class Everything(ui.LayoutView):
    """All that a message of Components V2 can be made of."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        buttons: list[ui.Button[Any]] = [
            ui.Button(label=style.name.title(), style=style)
            for style in (
                discord.ButtonStyle.primary,
                discord.ButtonStyle.secondary,
                discord.ButtonStyle.success,
                discord.ButtonStyle.danger,
            )
        ]
        for button in buttons:
            button.callback = say_pressed
        buttons.append(ui.Button(label="Site", url="https://example.com"))
        off: ui.Button[Any] = ui.Button(label="Off", emoji="🔒", disabled=True)
        moon = ui.Thumbnail[Any]("attachment://moon.png", description="A moon")
        gallery: ui.MediaGallery[Any] = ui.MediaGallery(
            discord.MediaGalleryItem("attachment://boat.png", description="A boat"),
            discord.MediaGalleryItem("attachment://tree.png", description="A tree", spoiler=True),
        )
        self.add_item(
            ui.Container[Any](
                ui.TextDisplay("## A layout\nwith **one** of everything"),
                ui.Section("A section beside a thumbnail", accessory=moon),
                ui.Separator(spacing=discord.SeparatorSpacing.large),
                gallery,
                ui.File("attachment://notes.txt"),
                ui.Section("A section beside a button", accessory=off),
                ui.ActionRow(*buttons),
                accent_color=0xCC8844,
            )
        )
