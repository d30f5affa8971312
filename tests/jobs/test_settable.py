"""What can be set to what, and read back; what cannot is refused."""

from __future__ import annotations

import pytest

from bot.errors import ActionUnavailable, PromptInvalid
from bot.jobs.people.settable import OF_PEOPLE, OF_SERVERS, Setting, is_set, set_to, setting_of, value_of
from bot.model import Person, Server

NOBODY, NOWHERE = Person(user_id=1), Server(guild_id=1)

VALUES = {
    Setting.MODEL: "Niji 7",
    Setting.ASPECT: "16:9",
    Setting.SPEED: "relax",
    Setting.STYLIZE: "0",
    Setting.RAW: "off",
    Setting.SUFFIX: "",
    Setting.REMIX: "on",
    Setting.NOTIFY: "silent",
    Setting.PRIVATE: "on",
    Setting.LANGUAGE: "zh-TW",
    Setting.STAR_CHANNEL: "77",
    Setting.STARS: "25",
}


@pytest.mark.parametrize("setting", OF_PEOPLE)
def test_a_person_sets_and_unsets_everything(setting: Setting) -> None:
    assert setting_of(setting.value, server=False) is setting
    person = set_to(NOBODY, setting, VALUES[setting])
    assert (value_of(person, setting), is_set(person, setting)) == (VALUES[setting], True)
    assert set_to(person, setting, None) == NOBODY
    assert not is_set(NOBODY, setting)


@pytest.mark.parametrize("setting", OF_SERVERS)
def test_a_server_sets_and_unsets_everything(setting: Setting) -> None:
    assert setting_of(setting.value, server=True) is setting
    server = set_to(NOWHERE, setting, VALUES[setting])
    assert (value_of(server, setting), is_set(server, setting)) == (VALUES[setting], True)
    assert set_to(server, setting, None) == NOWHERE


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (Setting.MODEL, "Midjourney 99"),
        (Setting.SPEED, "slow"),
        (Setting.RAW, "perhaps"),
        (Setting.NOTIFY, ""),
        (Setting.LANGUAGE, "tlh"),
    ],
)
def test_a_value_that_is_none_is_refused(setting: Setting, value: str) -> None:
    with pytest.raises(ActionUnavailable, match="do not know this setting"):
        set_to(NOBODY, setting, value)


@pytest.mark.parametrize(
    ("setting", "value"), [(Setting.STARS, "1"), (Setting.STARS, "26"), (Setting.STAR_CHANNEL, "x")]
)
def test_a_value_that_is_none_for_a_server_is_refused(setting: Setting, value: str) -> None:
    with pytest.raises(ActionUnavailable, match="do not know this setting"):
        set_to(NOWHERE, setting, value)


@pytest.mark.parametrize(
    ("setting", "typed", "reason"),
    [
        (Setting.ASPECT, "wide", "is not an aspect ratio"),
        (Setting.STYLIZE, "1001", "from 0 to 1000"),
        (Setting.SUFFIX, "--moon", "not a parameter"),
    ],
)
def test_what_was_typed_is_refused_with_what_would_be_right(setting: Setting, typed: str, reason: str) -> None:
    with pytest.raises(PromptInvalid, match=reason):
        set_to(NOBODY, setting, typed)


def test_people_and_servers_have_different_settings() -> None:
    with pytest.raises(ActionUnavailable):
        set_to(NOWHERE, Setting.REMIX, "on")
    with pytest.raises(ActionUnavailable):
        set_to(NOBODY, Setting.STARS, "5")
