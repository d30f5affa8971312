"""Errors become one sentence for the person, and for the owner a record that names the job."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import discord
import pytest
from discord import app_commands

from bot.errors import (
    AnswerGone,
    ChannelGone,
    DiscordUnavailable,
    NotAllowed,
    PromptInvalid,
    StorageError,
    TooLarge,
)
from cogs.messages.refusals import is_bad_emoji, translate
from cogs.messages.replies import explain_error

if TYPE_CHECKING:
    import aiohttp

    from bot.errors import DeliveryError


@dataclass
class Response:
    """As much of an HTTP response as discord.py's exceptions look at."""

    status: int
    reason: str = "because"


def refusal(status: int, code: int, message: str = "no", errors: object = None) -> discord.HTTPException:
    body = {"code": code, "message": message, "errors": errors}
    return discord.HTTPException(cast("aiohttp.ClientResponse", Response(status)), body)


def test_a_sentence_meant_for_people_is_shown_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert explain_error(PromptInvalid("Use `--ar 3:2`."), "") == "Use `--ar 3:2`."
    assert [record.exc_info for record in caplog.records] == [None]


def test_a_failed_write_says_that_nothing_was_charged(caplog: pytest.LogCaptureFixture) -> None:
    assert "nothing was charged" in explain_error(StorageError("disk full"), "01KA")
    assert [(record.levelname, record.__dict__["job"]) for record in caplog.records] == [("ERROR", "01KA")]


def test_anything_else_gets_a_reference_that_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    secret = "interaction-token-of-somebody"  # noqa: S105 - no secret, but it must not be shown
    sentence = explain_error(ValueError(secret), "01KA")
    reference = sentence.split("`")[1]
    assert secret not in sentence
    assert reference in caplog.records[0].getMessage()
    assert caplog.records[0].exc_info is not None
    assert caplog.records[0].__dict__["job"] == "01KA"


def test_an_unknown_command_is_answered() -> None:
    assert "do not know this command" in explain_error(app_commands.CommandNotFound("old", []), "")


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (404, 10003, ChannelGone),
        (404, 10004, ChannelGone),
        (404, 10008, AnswerGone),
        (404, 10015, AnswerGone),
        (404, 10062, AnswerGone),
        (401, 50027, AnswerGone),
        (401, 0, DiscordUnavailable),
        (413, 40005, TooLarge),
        (400, 50045, TooLarge),
        (413, 0, TooLarge),
        (403, 50001, NotAllowed),
        (403, 50007, NotAllowed),
        (403, 50013, NotAllowed),
        (400, 50083, NotAllowed),
        (403, 50278, NotAllowed),
        (403, 0, NotAllowed),
        (400, 50035, NotAllowed),
        (429, 0, DiscordUnavailable),
        (429, 30046, DiscordUnavailable),
        (500, 0, DiscordUnavailable),
        (503, 130000, DiscordUnavailable),
    ],
)
def test_refusals_of_discord_are_told_apart(status: int, code: int, meaning: type[DeliveryError]) -> None:
    assert type(translate(refusal(status, code))) is meaning


def test_waiting_longer_than_allowed_is_a_passing_fault() -> None:
    assert type(translate(discord.RateLimited(60.0))) is DiscordUnavailable


def test_only_a_form_refused_for_its_emoji_is_tried_without() -> None:
    errors = {"components": {"0": {"emoji": {"name": {"_errors": [{"code": "X", "message": "Invalid emoji"}]}}}}}
    assert is_bad_emoji(refusal(400, 50035, "Invalid Form Body", errors))
    assert not is_bad_emoji(refusal(400, 50035, "Invalid Form Body"))
    assert not is_bad_emoji(refusal(403, 50013, "no emoji for you"))
    assert not is_bad_emoji(None)
