"""What people and servers prefer, and what of it a prompt was given. Imports the vocabulary and the languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from datetime import datetime

    from bot.language import Language
    from bot.model.vocabulary import Speed


@final
class Notify(StrEnum):
    """How somebody learns that a picture of theirs is done.

    `mention`: the picture's message mentions them. `dm`: it does not, and a direct message tells. `silent`: neither.
    """

    MENTION = "mention"
    DM = "dm"
    SILENT = "silent"


@final
class Source(StrEnum):
    """Where something in a prompt comes from that its person neither typed nor chose for this one."""

    PRESET = "preset"
    PERSON = "person"
    SERVER = "server"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A part of a prompt, and where it comes from.

    Attributes
    ----------
    words
        As they were sent: `--ar 16:9`, or words of a suffix; of a preset its name; a speed as `--turbo`.
    """

    words: str
    source: Source


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What goes into a prompt that does not say otherwise. None: nothing is set, and the next one in rank decides.

    Attributes
    ----------
    model
        Label of one of `bot.prompt.MODELS`.
    aspect
        As `--ar` takes it: `16:9`.
    stylize
        0 to 1000.
    suffix
        Words and parameters put behind every prompt of `/imagine`; empty: nothing, whatever the next in rank says.
    """

    model: str | None = None
    aspect: str | None = None
    speed: Speed | None = None
    stylize: int | None = None
    raw: bool | None = None
    suffix: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a person has set for themselves. Somebody who has set nothing is like one with all the defaults.

    Attributes
    ----------
    remix
        Whether pressing a button that makes variations of a picture asks for a prompt first.
    private
        Whether results are shown to this person alone.
    language
        In which they are answered; None: that of their Discord.
    """

    user_id: int
    defaults: Defaults = field(default_factory=Defaults)
    remix: bool = False
    notify: Notify = Notify.MENTION
    private: bool = False
    language: Language | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What the moderators of a server have set for it.

    Attributes
    ----------
    language
        Of what everybody there sees; None: that of the server in Discord.
    star_channel_id
        Where pictures with enough stars are shown again; None: nowhere.
    stars
        How many are enough.
    """

    guild_id: int
    defaults: Defaults = field(default_factory=Defaults)
    language: Language | None = None
    star_channel_id: int | None = None
    stars: int = 3


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Words and parameters that a person keeps under a name.

    Attributes
    ----------
    name
        Lower case, unique among this person's.
    """

    user_id: int
    name: str
    text: str
    created_at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPreset:
    """A preset that was written down.

    Attributes
    ----------
    before
        What its person kept under that name until then; None if that was nothing.
    is_shared
        Whether others may use it in a server.
    """

    preset: Preset
    before: Preset | None = None
    is_shared: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPreset:
    """A preset that others may use in a server.

    Attributes
    ----------
    owner_name
        What its owner was called there when they shared it.
    """

    preset: Preset
    owner_name: str
