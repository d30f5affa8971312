"""`/help`: short texts by topic, with examples to copy. Imports the custom ids and the controls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

from bot.language import mark, say
from cogs.custom_ids import HELP_TOPIC
from cogs.render.controls import Option, Select
from cogs.render.panels import Panel, Text

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
class Topic(StrEnum):
    """What there is help about; the values stand in posted panels and stay."""

    START = "start"
    PROMPT = "prompt"
    BUTTONS = "buttons"
    PICTURES = "pictures"
    HISTORY = "history"
    SETTINGS = "settings"
    PROBLEMS = "problems"
    PRIVACY = "privacy"


@final
@dataclass(frozen=True, slots=True)
class _Page:
    """A topic's name, what it is about in a few words, and its text, all in English."""

    name: str
    about: str
    lines: tuple[str, ...]


_PAGES: Final[Mapping[Topic, _Page]] = {
    Topic.START: _Page(
        mark("Your first picture"),
        mark("From a few words to four pictures"),
        (
            mark("Type `/imagine` and say what you want to see. About a minute later you have four pictures."),
            mark("**Example**: `a lighthouse in a storm, oil painting`"),
            mark(
                "Under them, **U1** to **U4** take one of the four out, **V1** to **V4** make four more like it, and "
                "🔄 makes four new ones. They are numbered from left to right, then the next row."
            ),
            mark(
                "Every new picture costs the owner of this bot a little, those of U1 to U4 too. To look at what is "
                "there is free."
            ),
        ),
    ),
    Topic.PROMPT: _Page(
        mark("Prompts and options"),
        mark("Aspect, model, style, and several at once"),
        (
            mark("Say what is there, not what to do. Commas are fine, and any language works."),
            mark("Aspect, model and style are options of `/imagine`. You may also type them behind the prompt:"),
            mark("`a fox in the snow --ar 16:9` is wide, `--s 50` follows your words, `--s 500` is more artful."),
            mark("`--no text, people` keeps things out. `--seed 7` makes the same prompt look alike again."),
            mark(
                "`a {red, blue} bird` makes one of each. You see the price first, and nothing is sent before you agree."
            ),
        ),
    ),
    Topic.BUTTONS: _Page(
        mark("Buttons under a picture"),
        mark("Upscale, vary, zoom, pan, animate, and More …"),
        (
            mark("**Upscale** makes it larger. **Vary** changes it a little (Subtle) or a lot (Strong)."),
            mark("**Vary (Region)** repaints a part that you choose. **Zoom Out** and the arrows show more around it."),
            mark("**Animate** makes a short video of it."),
            mark(
                "*More …* has everything else: change the prompt first (Remix), run it again, the four pictures one by "
                "one, a copy by direct message, its family, delete."
            ),
            mark("Buttons work for ever and for everybody who sees the picture. What you make with them is yours."),
            mark("A reaction works too: ⭐ makes a favorite, ✉️ sends you a copy, ❌ cancels or deletes your own."),
        ),
    ),
    Topic.PICTURES: _Page(
        mark("Starting from a picture"),
        mark("Describe, blend, edit, animate, or go by a picture"),
        (
            mark("`/describe` turns a picture into prompts. `/blend` makes one picture of two to five."),
            mark("`/edit` changes a picture by words. `/video` makes it move."),
            mark(
                "`/imagine` takes up to three pictures to go by: for what is in them, how they look, or who is in them."
            ),
            mark("Right-click a picture, or hold it on a phone, and choose *Apps* for a quicker way."),
            mark("`/shorten` shows which words of a prompt matter, and offers shorter prompts."),
        ),
    ),
    Topic.HISTORY: _Page(
        mark("Finding pictures again"),
        mark("History, favorites, and buttons that were lost"),
        (
            mark("`/history` shows all you have made, newest first. Only you see it, until you press *Share*."),
            mark("Type a few letters in `search` to find words in your prompts and descriptions, in any language."),
            mark("*Filter* keeps one kind, one model, this server or some days, and can leave out what failed."),
            mark(
                "`/favorites` shows what you marked with ⭐. If the server has a star channel, a picture with enough "
                "⭐ is shown there too."
            ),
            mark("`/show` brings a picture back with its buttons: type a few words, or paste a link to its message."),
            mark("*Family* under *More …* draws what a picture came from and what came of it."),
        ),
    ),
    Topic.SETTINGS: _Page(
        mark("Settings and presets"),
        mark("Your own defaults, your language, and shortcuts"),
        (
            mark("`/settings` keeps your model, aspect, style, language, and whether others see your results."),
            mark("`/preset set` keeps words and parameters under a name, for the option `preset` of `/imagine`."),
            mark(
                "What you choose in a command counts first, then what you type, then the preset, your settings, and "
                "the server's."
            ),
            mark("Moderators set a server's defaults and its star channel with `/server`."),
        ),
    ),
    Topic.PROBLEMS: _Page(
        mark("When something goes wrong"),
        mark("Waiting, failed, refused, or lost"),
        (
            mark("**It waits**: Midjourney does a few jobs at a time. *Cancel* is free while it has not been sent."),
            mark("**It failed**: the message says why, and *Re-run* or *Edit & re-run* tries again."),
            mark(
                "**The outcome is unknown**: the connection was lost while it was sent. It may have been charged, so "
                "it is never sent again by itself; you decide."
            ),
            mark("**The message is gone**: `/history` has the picture."),
            mark("`/info` shows what is waiting and running for you."),
        ),
    ),
    Topic.PRIVACY: _Page(
        mark("What is kept about you"),
        mark("See it, take it with you, delete it"),
        (
            mark("`/privacy show` tells what is kept about you, where, and for how long."),
            mark("`/privacy export` sends you everything as a file that opens without this bot."),
            mark("`/privacy delete` removes it for good."),
            mark("Prompts and pictures go to Midjourney through CometAPI, and results to Discord. Both keep copies."),
        ),
    ),
}


def topic_name(topic: Topic) -> str:
    """Return what a topic is called, in English: the translator of commands looks it up."""
    return _PAGES[topic].name


def render_help(topic: Topic = Topic.START) -> Panel:
    """Return the panel of a topic, with a select of all of them."""
    page = _PAGES[topic]
    text = "\n".join([f"## {say(page.name)}", *(f"- {say(line)}" for line in page.lines)])
    options = tuple(
        Option(value=each.value, label=say(other.name), description=say(other.about), chosen=each is topic)
        for each, other in _PAGES.items()
    )
    return Panel(parts=(Text(text), Select(custom_id=HELP_TOPIC, placeholder=say("Another topic …"), options=options)))
