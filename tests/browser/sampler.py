"""A small bot with one of everything that Discord offers, for what Easel itself does not use (yet).

A process of its own, settings by environment, pointed at the local Discord as Easel is. Its forms and layouts are
`sampler_views`'s. Knows nothing of Easel.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, cast, final

import discord
import yarl
from discord import app_commands
from discord.app_commands import locale_str
from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override

from tests.browser.sampler_views import (
    HOSTILE,
    ChoicesForm,
    Counting,
    Everything,
    HostileForm,
    PeopleForm,
    Releasing,
    Selects,
    WordsForm,
    hostile_embed,
    png,
    text_file,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.browser.sampler_views import Asked

MARKDOWN: Final = """# Heading
**bold** *italic* __underlined__ ~~struck~~ `code` ||a secret||
> a quote
- one
- two
```py
print("hello")
```
[a link](https://example.com) <t:0:R> <#{channel}> <@{user}>
-# small print"""

CITIES: Final = ("Lisbon", "Ljubljana", "London", "Lyon", "Oslo")

GERMAN: Final = {
    "options": "auswahl",
    "One option of every kind": "Eine Option jeder Art",
    "text": "wort",
    "Three to twenty characters": "Drei bis zwanzig Zeichen",
    "color": "farbe",
    "Red": "Rot",
    "Blue": "Blau",
}


@final
class German(app_commands.Translator):
    """Knows the German words of one command."""

    @override
    async def translate(
        self, string: locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        return GERMAN.get(string.message) if locale is discord.Locale.german else None


@final
class Sampler(discord.Client):
    """The bot; its commands are those of `COMMANDS` and the group `form`."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)

    @override
    async def setup_hook(self) -> None:
        gateway = cast("Mapping[str, str]", await self.http.request(Route("GET", "/gateway")))
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway["url"])
        await self.tree.set_translator(German())
        for command in (*COMMANDS, form):
            self.tree.add_command(command)
        await self.tree.sync()


# Forms ------------------------------------------------------------------------------------------------------------

form: Final = app_commands.Group(name="form", description="Forms with one of everything")


@form.command(description="Text, a file, a checkbox")
async def words(interaction: Asked) -> None:
    await interaction.response.send_modal(WordsForm())


@form.command(description="One of a list, one of few, some of few")
async def choices(interaction: Asked) -> None:
    await interaction.response.send_modal(ChoicesForm())


@form.command(description="People, roles and channels")
async def people(interaction: Asked) -> None:
    await interaction.response.send_modal(PeopleForm())


# What is answered -------------------------------------------------------------------------------------------------


@app_commands.command(description="Containers, sections, pictures, files and buttons")
async def layout(interaction: Asked) -> None:
    files = [text_file("notes.txt"), *(png(name) for name in ("boat.png", "tree.png", "moon.png"))]
    await interaction.response.send_message(view=Everything(), files=files)


@app_commands.command(description="All five kinds of selects")
async def selects(interaction: Asked) -> None:
    await interaction.response.send_message("What would you like?", view=Selects())


@app_commands.command(description="Thinks until somebody presses the button")
async def slow(interaction: Asked, private: bool = False) -> None:  # noqa: FBT001, FBT002 - an option of the command
    await interaction.response.defer(thinking=True, ephemeral=private)
    channel = cast("discord.TextChannel", interaction.channel)
    await channel.send("I am thinking about it.", view=Releasing(interaction))


@app_commands.command(description="Never answers")
async def silent(interaction: Asked) -> None:
    """Do as its description says."""


@app_commands.command(description="Answers you alone")
async def private(interaction: Asked) -> None:
    await interaction.response.send_message("Between you and me.", ephemeral=True)


@app_commands.command(description="All the markdown there is")
async def text(interaction: Asked) -> None:
    named = MARKDOWN.format(channel=interaction.channel_id, user=interaction.user.id)
    await interaction.response.send_message(named, files=[png("SPOILER_ending.png")])


@app_commands.command(description="Counts, and goes away when told to")
async def counter(interaction: Asked) -> None:
    await interaction.response.send_message("Pressed 0 times.", view=Counting())


@app_commands.command(description="Says what should never run")
async def hostile(interaction: Asked) -> None:
    file = discord.File(text_file("x").fp, filename="<img src=x onerror=alert(1)>.txt")
    await interaction.response.send_message(HOSTILE, embed=hostile_embed(), file=file, view=Selects(HOSTILE))


@app_commands.command(description="A form that should never run")
async def hostileform(interaction: Asked) -> None:
    await interaction.response.send_modal(HostileForm())


# Options ----------------------------------------------------------------------------------------------------------


@app_commands.command(name=locale_str("options"), description=locale_str("One option of every kind"))
@app_commands.rename(text=locale_str("text"), color=locale_str("color"))
@app_commands.describe(
    text=locale_str("Three to twenty characters"),
    whole="One to ten",
    city="Suggested as you type",
    file="Anything",
)
@app_commands.choices(
    color=[
        app_commands.Choice(name=locale_str("Red"), value="#f00"),
        app_commands.Choice(name=locale_str("Blue"), value="#00f"),
    ]
)
async def options(  # noqa: PLR0913, PLR0917 - one of every kind
    interaction: Asked,
    text: app_commands.Range[str, 3, 20],  # the option's name
    whole: app_commands.Range[int, 1, 10] | None = None,
    number: app_commands.Range[float, 0.0, 1.0] | None = None,
    truth: bool | None = None,  # noqa: FBT001 - an option of the command
    person: discord.User | None = None,
    place: discord.TextChannel | None = None,
    role: discord.Role | None = None,
    anyone: discord.User | discord.Role | None = None,
    color: app_commands.Choice[str] | None = None,
    city: str | None = None,
    file: discord.Attachment | None = None,
) -> None:
    filled: dict[str, object] = {
        "text": text,
        "whole": whole,
        "number": number,
        "truth": truth,
        "person": person and person.mention,
        "place": place and place.mention,
        "role": role and role.mention,
        "anyone": anyone and anyone.mention,
        "color": color and color.value,
        "city": city,
        "file": file and f"{file.filename}, {file.size} bytes, {file.content_type}",
    }
    embed = discord.Embed(title="You chose", color=0x3366CC)
    for name, value in filled.items():
        if value is not None:
            embed.add_field(name=name, value=str(value))
    await interaction.response.send_message(embed=embed)


@options.autocomplete("city")
async def suggest_city(_: Asked, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the cities that begin like that; the values are not the names."""
    fitting = [city for city in CITIES if city.lower().startswith(typed.lower())]
    return [app_commands.Choice(name=city, value=f"city-{city.lower()}") for city in fitting]


# Menus ------------------------------------------------------------------------------------------------------------


@app_commands.context_menu(name="Describe this")
async def describe(interaction: Asked, message: discord.Message) -> None:
    words = f"{len(message.content)} characters by {message.author.display_name}, {len(message.attachments)} files."
    await interaction.response.send_message(words, ephemeral=True)


@app_commands.context_menu(name="Wave at")
async def wave(interaction: Asked, user: discord.User) -> None:
    await interaction.response.send_message(f"{interaction.user.mention} waves at {user.mention}.")


COMMANDS: Final[tuple[app_commands.Command[Any, ..., Any] | app_commands.ContextMenu, ...]] = (  # pyright: ignore[reportUnknownVariableType] - discord.py leaves open what a command belongs to
    *(layout, selects, slow, silent, private, text, counter, hostile, hostileform, options),
    *(describe, wave),
)


def main() -> None:
    """Run until told to stop."""
    environment = os.environ  # noqa: TID251 - a process of its own, whose settings these are
    Route.BASE = environment["DISCORD_API_URL"]
    discord.Asset.BASE = str(yarl.URL(Route.BASE).origin())  # pyright: ignore[reportAttributeAccessIssue] - typed as the one literal
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    Sampler().run(environment["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
