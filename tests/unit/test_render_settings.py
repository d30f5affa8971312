"""The panels of settings and presets: what counts and whose word it is, within Discord's limits in any language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from bot.jobs.people.presets import MOST_PRESETS, Usable
from bot.jobs.people.settable import OF_PEOPLE, OF_SERVERS, Setting, value_of
from bot.language import Language
from bot.model import Applied, Defaults, KeptPreset, Kind, Order, Person, Preset, Server, SharedPreset, Source, Speed
from bot.prompt import price, spell_price
from cogs.custom_ids import LONGEST, SERVER_SETTING, SETTING, SETTING_FORM
from cogs.render.additions import additions
from cogs.render.controls import Button, Select
from cogs.render.forms import ABOUT, TITLE
from cogs.render.panels import ChannelSelect, Section, Text
from cogs.render.presets import deleted, kept, render_preset, render_presets, shared, unshared
from cogs.render.setting_words import TYPED
from cogs.render.settings import Standing, render_reset, render_setting, render_settings, setting_form
from cogs.render.text import size
from tests.languages import pseudo, unsaid
from tests.unit.render_builders import job
from tests.unit.render_limits import check_button, check_limits, check_select
from tests.unit.test_nothing_left_in_english import TWICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cogs.render.panels import Panel

NOW: Final = datetime(2026, 3, 12, tzinfo=UTC)
FULL: Final = Defaults(model="Niji 7", aspect="7:5", speed=Speed.RELAX, stylize=333, raw=True, suffix="狐" * 1000)
PERSON: Final = Person(user_id=1, defaults=FULL, remix=True, private=True, language=Language.GERMAN)
SERVER: Final = Server(guild_id=2, defaults=FULL, language=Language.FRENCH, star_channel_id=7, stars=25)
#: A suffix that says the same as every other setting.
OVERLAP: Final = "--v 7 --ar 16:9 --stylize 1000"
#: The same in all languages: names of models, of languages in their own, and what Midjourney calls its parameters.
NAMES: Final = ("Midjourney", "Niji", *(word for language in Language for word in language.own_name.split()))


def standing(holder: Person | Server, server: Server | None = None) -> Standing:
    here = holder if isinstance(holder, Server) else server
    return Standing(holder=holder, server=here, speed=Speed.FAST, language=Language.ENGLISH)


def text_of(panel: Panel) -> str:
    return "\n".join(part.content for part in panel.parts if isinstance(part, Text | Section))


def every_panel() -> Iterator[Panel]:
    for one in (
        standing(Person(user_id=1)),
        standing(PERSON),
        standing(Person(user_id=1), SERVER),
        replace(standing(SERVER), obstacle="狐" * 400),
        standing(Person(user_id=1, defaults=Defaults(suffix=OVERLAP)), SERVER),
        standing(Person(user_id=1, defaults=replace(FULL, suffix=OVERLAP)), SERVER),
        standing(Server(guild_id=2)),
    ):
        yield render_settings(one)
        yield from (render_setting(one, each) for each in (OF_SERVERS if one.is_server else OF_PEOPLE))
    yield from (render_reset(server=True), render_reset(server=False))
    presets = [Preset(user_id=1, name="狐" * 32, text="狐" * 1000, created_at=NOW)] * MOST_PRESETS
    others = tuple(SharedPreset(preset=preset, owner_name="狐") for preset in presets)
    yield render_presets(Usable(own=tuple(presets), shared=others, shared_names=frozenset({"狐" * 32})))
    yield render_presets(Usable(own=(), shared=()))


def controls(panel: Panel) -> Iterator[Button | Select | ChannelSelect]:
    for part in panel.parts:
        if isinstance(part, Section) and isinstance(part.beside, Button):
            yield part.beside
        elif isinstance(part, Select | ChannelSelect):
            yield part
        elif isinstance(part, tuple):
            yield from part


def read(panel: Panel) -> Iterator[str]:
    yield text_of(panel)
    for control in controls(panel):
        yield control.label if isinstance(control, Button) else control.placeholder
        if isinstance(control, Select):
            yield from (text for option in control.options for text in (option.label, option.description))


@pytest.mark.parametrize("stretch", [1.0, TWICE])
def test_every_panel_fits_and_every_control_is_known_again(stretch: float) -> None:
    with pseudo(stretch=stretch):
        for panel in every_panel():
            ids = [control.custom_id for control in controls(panel)]
            assert len(ids) == len(set(ids))
            for custom_id in ids:
                assert len(custom_id) <= LONGEST
                assert bool(SETTING.fullmatch(custom_id)) != bool(SERVER_SETTING.fullmatch(custom_id))
            for control in controls(panel):
                if isinstance(control, Button):
                    check_button(control)
                elif isinstance(control, Select):
                    check_select(control)


def test_no_panel_has_a_word_of_english_left() -> None:
    with pseudo():
        left = {text: found for panel in every_panel() for text in read(panel) if (found := unsaid(text, *NAMES))}
    assert left == {}


def test_forms_fit_in_any_language() -> None:
    with pseudo(stretch=TWICE):
        for setting in TYPED:
            form = setting_form(setting, "x", server=False)
            assert 0 < size(form.title) <= TITLE
            assert 0 < size(form.about) <= ABOUT


def test_a_setting_says_whose_word_counts() -> None:
    person = Person(user_id=1, defaults=Defaults(aspect="1:2", suffix=""))
    server = Server(guild_id=2, defaults=Defaults(aspect="16:9", raw=True, suffix="in oil"))
    text = text_of(render_settings(standing(person, server)))
    assert "**Aspect ratio:** `1:2`\n-# from your settings" in text
    assert "**Raw:** on\n-# from this server" in text
    assert "**Suffix:** none\n-# from your settings" in text
    assert "**Stylize:** Midjourney decides\n-# default" in text
    assert "**Speed:** fast\n-# default" in text
    assert "**Raw:** off\n-# default" in text_of(render_settings(standing(person)))
    theirs = text_of(render_settings(standing(server)))
    assert "**Aspect ratio:** `16:9`\n-# from this server" in theirs
    assert "**Stars needed:** 3\n-# default" in theirs


@pytest.mark.parametrize("holder", [PERSON, SERVER, Person(user_id=1), Server(guild_id=2)], ids=["p", "s", "-p", "-s"])
def test_the_page_of_a_setting_has_what_is_set_chosen(holder: Person | Server) -> None:
    for setting in OF_SERVERS if isinstance(holder, Server) else OF_PEOPLE:
        value = value_of(holder, setting)
        wanted = "unset" if value is None else value
        for part in render_setting(standing(holder), setting).parts:
            if isinstance(part, Select):
                assert [option.value for option in part.options if option.chosen] == [wanted]
            elif isinstance(part, ChannelSelect):
                assert part.chosen == (None if value is None else int(value))


@pytest.mark.parametrize(("is_on", "button"), [(True, "mjs1:remix:off"), (False, "mjs1:remix:on")])
def test_a_switch_says_how_it_is_and_offers_the_other(*, is_on: bool, button: str) -> None:
    panel = render_settings(standing(Person(user_id=1, remix=is_on)))
    (section,) = [part for part in panel.parts if isinstance(part, Section) and "Remix" in part.content]
    assert f"**Remix mode:** {'on' if is_on else 'off'}" in section.content
    assert isinstance(section.beside, Button)
    assert section.beside.custom_id == button


def test_what_people_typed_is_no_markup() -> None:
    person = Person(user_id=1, defaults=Defaults(suffix="`**big** @everyone` https://example.com"))
    assert "**Suffix:** `'**big** @everyone' https://example.com`" in text_of(render_settings(standing(person)))
    loud = Preset(user_id=1, name="noir", text="```\n# big [a](https://example.com) @everyone", created_at=NOW)
    assert "```\n'''" in render_preset(loud).content
    assert "@everyone" not in re.sub(r"\\@everyone", "", text_of(render_presets(Usable(own=(loud,), shared=()))))


def test_words_about_presets_fit() -> None:
    preset = Preset(user_id=1, name="狐" * 32, text="`" * 1000, created_at=NOW)
    with pseudo(stretch=TWICE):
        replaced = KeptPreset(preset=preset, before=replace(preset, text="狐" * 1000), is_shared=True)
        for rendered in (
            deleted(preset),
            kept(KeptPreset(preset=preset)),
            kept(replaced),
            render_preset(preset),
            shared(preset),
            unshared(preset, is_own=True),
            unshared(preset, is_own=False),
        ):
            check_limits(rendered)
            assert unsaid(rendered.content) == []


def test_a_list_that_is_too_long_says_how_much_is_missing() -> None:
    presets = tuple(Preset(user_id=1, name=f"n{n:02}", text="x" * 200, created_at=NOW) for n in range(50))
    text = text_of(render_presets(Usable(own=presets, shared=())))
    shown = text.count("- `n")
    assert 0 < shown < 50
    assert f"… and {50 - shown} more" in text


def test_what_was_added_is_told_with_whose_it_is() -> None:
    applied = (
        Applied(words="noir", source=Source.PRESET),
        Applied(words="in `oil`", source=Source.PERSON),
        Applied(words="--stylize 250", source=Source.SERVER),
        Applied(words="--turbo", source=Source.SERVER),
    )
    told = additions(job(speed=Speed.TURBO, order=Order(applied=applied)))
    assert told == "preset `noir` · `in 'oil'` from your settings · `--stylize 250 --turbo` from this server"
    videos = additions(job(speed=Speed.FAST, order=Order(applied=applied[2:])))
    assert videos == "`--stylize 250` from this server"
    assert additions(job()) == ""


def test_a_form_for_a_setting_is_found_by_its_custom_id() -> None:
    for custom_id, server in (("mjs1:suffix:form", None), ("mjs1:server.suffix:form", "server.")):
        match = SETTING_FORM.fullmatch(custom_id)
        assert match is not None
        assert (match["setting"], match["server"]) == ("suffix", server)


def test_where_settings_say_the_same_thing_twice_the_panel_says_which_counts() -> None:
    both = Person(user_id=1, defaults=Defaults(aspect="16:9", suffix="soft light --ar 3:2 --c 10"))
    text = text_of(render_settings(standing(both)))
    assert "--c 10`\n-# from your settings\n-# `--ar 3:2` does not count here: *Aspect ratio* does." in text
    assert text.count("does not count") == 1
    server = Server(guild_id=2, defaults=Defaults(aspect="1:1", raw=False, suffix="--ar 4:5 --raw"))
    mine = text_of(render_settings(standing(Person(user_id=1, defaults=Defaults(suffix="--ar 3:2")), server)))
    counts = "This does not count for you: `--ar 3:2` in your suffix does."
    assert f"**Aspect ratio:** `1:1`\n-# from this server\n-# {counts}" in mine
    assert mine.count("does not count") == 1
    for panel in (standing(server), standing(Person(user_id=1), server)):
        theirs = text_of(render_settings(panel))
        assert "`--ar 4:5` does not count here: *Aspect ratio* does." in theirs
        assert "`--raw` does not count here: *Raw* does." in theirs
    page = text_of(render_setting(standing(both), Setting.SUFFIX))
    assert "`--ar 3:2` does not count here" in page


def test_the_page_of_a_suffix_offers_what_there_is_to_choose() -> None:
    def labels(holder: Person | Server) -> list[str]:
        panel = render_setting(standing(holder), Setting.SUFFIX)
        return [control.label for control in controls(panel) if isinstance(control, Button)]

    server = Server(guild_id=2, defaults=Defaults(suffix="in oil"))
    assert labels(server) == ["Write one …", "No suffix", "Back"]
    assert "No suffix, whatever the server says" in labels(Person(user_id=1))
    assert "who has set no suffix of their own" in text_of(render_setting(standing(server), Setting.SUFFIX))
    assert "of their own" not in text_of(render_setting(standing(Person(user_id=1)), Setting.SUFFIX))


def test_the_speed_of_a_server_says_what_it_costs_its_owner() -> None:
    fast, turbo = (spell_price(price(Kind.IMAGINE, speed)) for speed in (Speed.FAST, Speed.TURBO))
    costs = f"costs {turbo} at turbo speed, {fast} at fast"
    assert costs in text_of(render_setting(standing(Server(guild_id=2)), Setting.SPEED))
    assert "turbo speed" not in text_of(render_setting(standing(Person(user_id=1)), Setting.SPEED))
