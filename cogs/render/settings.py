"""The panels of `/settings` and `/server`: all settings with where they come from, and the page that changes one.

Imports the model, the custom ids and the text rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.jobs.people.settable import DEFAULTS, OF_PEOPLE, OF_SERVERS, OFF, ON, Setting, is_set, value_of
from bot.language import mark, say
from bot.model import Defaults, Source
from bot.prompt import first_set, overlaps, quote
from cogs.custom_ids import setting as custom_id
from cogs.render.controls import DANGER, LABEL, Button, Select, speed_name
from cogs.render.forms import ABOUT, TITLE, Form
from cogs.render.panels import ChannelSelect, Panel, Section, Text
from cogs.render.setting_words import (
    TYPED,
    about,
    options_for,
    setting_name,
    unset_name,
    unset_value,
    value_name,
)
from cogs.render.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.language import Language
    from bot.model import Person, Server, Speed
    from cogs.render.panels import Part

#: What stands in a custom_id for all settings, and what can be done with them, or with one.
ALL: Final = "all"
OPEN, PICK, OTHER, NOTHING, CLEAR = "open", "pick", "other", "nothing", "clear"
BACK, ASK = "back", "ask"

_PLACEHOLDER: Final = 150
_SOURCES: Final = {
    Source.PERSON: mark("from your settings"),
    Source.SERVER: mark("from this server"),
    None: mark("default"),
}
_REMIX: Final = {
    ON: mark(
        "V1–V4, 🔄, *Vary*, the pan arrows and *Animate* open a form with the prompt first, so that you can change it. "
        "Left as it is, they do what they always do."
    ),
    OFF: mark("V1–V4, 🔄, *Vary*, the pan arrows and *Animate* start at once, with the prompt of the picture."),
}
_ONCE: Final = mark("To change the prompt for once, choose *Remix* under *More …*; that works either way.")
_RANK: Final = mark(
    "What you choose or type in a command comes first, then its preset, then your settings, then this server's. "
    "In each of these two the suffix comes last: its parameters count where the others say nothing."
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whose settings are shown, and what counts where they say nothing.

    Attributes
    ----------
    holder
        Whose they are.
    server
        Where they are looked at; None in direct messages. Of a server's own panel itself.
    speed
        The owner's.
    language
        Of Discord, for whoever looks at them or for the server.
    obstacle
        What keeps pictures from the star channel, said; empty if nothing does.
    """

    holder: Person | Server
    server: Server | None
    speed: Speed
    language: Language
    obstacle: str = ""

    @property
    def is_server(self) -> bool:
        """Whether they are the settings of a server."""
        return self.holder is self.server


def render_settings(standing: Standing) -> Panel:
    """Return the panel with all settings."""
    server = standing.is_server
    heading = say("This server's settings") if server else say("Your settings")
    whose = (
        say("For everybody here who has set nothing else for themselves.")
        if server
        else say("They are yours alone, on every server.")
    )
    shown = OF_SERVERS if server else OF_PEOPLE
    parts: list[Part] = [Text(f"### {heading}\n{whose}")]
    parts += [Section(_line(standing, setting), _control(standing, setting)) for setting in shown]
    parts.append(Text(f"-# {say(_RANK)}"))
    reset = Button(label=cut(say("Reset all …"), LABEL), custom_id=custom_id(ALL, ASK, server=server))
    parts.append((reset,))
    return Panel(parts=tuple(parts))


def render_setting(standing: Standing, setting: Setting) -> Panel:
    """Return the page on which one setting is changed."""
    server = standing.is_server
    value = value_of(standing.holder, setting)
    words = f"### {setting_name(setting)}\n{about(setting, server=server)}\n\n{_line(standing, setting)}"
    pick, choose = custom_id(setting, PICK, server=server), cut(say("Choose …"), _PLACEHOLDER)
    select: tuple[Part, ...] = ()
    if setting is Setting.STAR_CHANNEL:
        select = (ChannelSelect(custom_id=pick, placeholder=choose, chosen=int(value) if value else None),)
    elif setting is not Setting.SUFFIX:
        options = options_for(setting, value, server=server)
        select = (Select(custom_id=pick, placeholder=choose, options=options),)
    return Panel(parts=(Text(words), *select, tuple(_buttons(setting, server=server))))


def _buttons(setting: Setting, *, server: bool) -> Iterator[Button]:
    """Yield what stands below the select: what cannot be chosen there, and the way back."""

    def button(label: str, verb: str) -> Button:
        return Button(label=cut(label, LABEL), custom_id=custom_id(setting, verb, server=server))

    if setting is Setting.SUFFIX:
        yield button(say("Write one …"), OTHER)
        if not server:
            yield button(say("No suffix, whatever the server says"), NOTHING)
        yield button(say("No suffix") if server else unset_name(setting, server=server), CLEAR)
    elif setting in TYPED:
        yield button(say("Other …"), OTHER)
    elif setting is Setting.STAR_CHANNEL:
        yield button(say("None"), CLEAR)
    yield Button(label=cut(say("Back"), LABEL), custom_id=custom_id(ALL, BACK, server=server))


def render_reset(*, server: bool) -> Panel:
    """Return the question before all settings are forgotten."""
    words = (
        say("This forgets all settings of this server. Presets and what people have set for themselves stay.")
        if server
        else say("This forgets all your settings, on every server. Your presets and your history stay.")
    )
    yes = Button(label=cut(say("Reset all"), LABEL), custom_id=custom_id(ALL, CLEAR, server=server), style=DANGER)
    back = Button(label=cut(say("Back"), LABEL), custom_id=custom_id(ALL, BACK, server=server))
    return Panel(parts=(Text(words), (yes, back)))


def setting_form(setting: Setting, value: str, *, server: bool) -> Form:
    """Return the form in which a value is typed."""
    name = cut(setting_name(setting), TITLE)
    words = cut(about(setting, server=server).replace("`", ""), ABOUT)  # no markup there
    is_short = setting is not Setting.SUFFIX
    return Form(title=name, about=words, text=value, label=name, is_short=is_short)


def _line(standing: Standing, setting: Setting) -> str:
    """Return a setting with what counts, and whose word that is."""
    value, source = _what_counts(standing, setting)
    line = say("**{name}:** {fact}", name=setting_name(setting), fact=value)
    more = [f"-# {say(_SOURCES[source])}"]
    if setting is Setting.REMIX:
        more += [f"-# {say(_REMIX[value_of(standing.holder, setting) or OFF])}", f"-# {say(_ONCE)}"]
    elif setting is Setting.STAR_CHANNEL and standing.obstacle:
        more.append(f"⚠️ {standing.obstacle}")
    more += [f"-# {words}" for words in _overruled(standing, setting)]
    return "\n".join([line, *more])


def _overruled(standing: Standing, setting: Setting) -> Iterator[str]:
    """Yield what of a setting does not count, because another one says the same thing."""
    person = Defaults() if standing.is_server else standing.holder.defaults
    server = Defaults() if standing.server is None else standing.server.defaults
    for overlap in overlaps(person, server):
        words, other = quote(overlap.words), setting_name(Setting(overlap.setting))
        if setting is Setting.SUFFIX and not overlap.suffix_counts:
            yield say("{words} does not count here: *{setting}* does.", words=words, setting=other)
        elif setting == overlap.setting and overlap.suffix_counts:
            yield say("This does not count for you: {words} in your suffix does.", words=words)


def _what_counts(standing: Standing, setting: Setting) -> tuple[str, Source | None]:
    own = value_of(standing.holder, setting)
    if setting in DEFAULTS:
        theirs = None if standing.server is None else value_of(standing.server, setting)
        value, source = first_set(None if standing.is_server else own, theirs)
    else:
        value = own
        whose = Source.SERVER if standing.is_server else Source.PERSON
        source = whose if is_set(standing.holder, setting) else None
    if value is not None:
        return value_name(setting, value), source
    if setting is Setting.SPEED:
        return speed_name(standing.speed), None
    if setting is Setting.LANGUAGE:
        return say("{language}, as Discord", language=standing.language.own_name), None
    return unset_value(setting), None


def _control(standing: Standing, setting: Setting) -> Button:
    server = standing.is_server
    if setting in (Setting.REMIX, Setting.PRIVATE):
        is_on = value_of(standing.holder, setting) == ON
        return Button(
            label=cut(_turn(setting, is_on=is_on), LABEL),
            custom_id=custom_id(setting, OFF if is_on else ON),
        )
    return Button(label=cut(say("Change"), LABEL), custom_id=custom_id(setting, OPEN, server=server))


def _turn(setting: Setting, *, is_on: bool) -> str:
    if setting is Setting.PRIVATE:
        return say("For everybody") if is_on else say("Only for me")
    return say("Turn off") if is_on else say("Turn on")
