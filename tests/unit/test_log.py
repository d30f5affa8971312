"""The log: one record a line, the job it is about, no secrets, and no log call that fails."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import warnings
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from bot.log import SafeHandler, configure, job_context

if TYPE_CHECKING:
    from collections.abc import Iterator

# Built from parts, so that no scanner takes them for real ones.
DISCORD_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".GaBcDe." + "abcdefghijklmnopqrstuvwxyz0123456789ab"
API_KEY = "sk-" + "A1b2C3d4E5f6G7h8"
INTERACTION_TOKEN = "aW50ZXJhY3Rpb246" + "MTIzNDU2Nzg5"
OURS = logging.getLogger("bot.test")
LOGGERS = ("", "bot", "cogs", "storage", "__main__", "discord", "aiosqlite", "PIL")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    yield
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, SafeHandler)]:
        root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=False)


def start(level: str = "INFO", log_format: str = "text", *secrets: str) -> io.StringIO:
    """Log into the returned stream alone: pytest's own handlers fail on records that ours must survive."""
    stream = io.StringIO()
    configure(level, log_format, secrets=secrets, stream=stream)
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if isinstance(handler, SafeHandler)]
    return stream


def as_json(stream: io.StringIO) -> dict[str, object]:
    return json.loads(stream.getvalue())


def fail(error: Exception) -> None:
    raise error


class Awkward:
    @override
    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_a_record_is_one_line_with_time_level_logger_and_job() -> None:
    stream = start()
    OURS.info("submitted after %d ms", 12, extra={"job": "01JOB", "action": "U 2"})
    line = stream.getvalue()
    assert line.count("\n") == 1
    time, rest = line.split(" ", 1)
    assert rest == 'INFO    bot.test [job=01JOB action="U 2"] submitted after 12 ms\n'
    assert len(time) == len("2026-11-22T12:34:56.789Z")
    assert time.endswith("Z")


def test_json_has_the_same_facts() -> None:
    stream = start("INFO", "json")
    OURS.warning("slow: %s", "ä", extra={"job": "01JOB", "count": 3, "ratio": float("nan"), "ts": "forged"})
    body = as_json(stream)
    assert {name: body[name] for name in body if name != "ts"} == {
        "job": "01JOB",
        "count": 3,
        "ratio": "nan",
        "level": "WARNING",
        "logger": "bot.test",
        "message": "slow: ä",
    }
    assert body["ts"] != "forged"


def test_records_inside_a_job_carry_it() -> None:
    stream = start("INFO", "json")
    with job_context("01OUTER"):
        with job_context("01INNER"):
            OURS.info("a")
        OURS.info("b")
        OURS.info("c", extra={"job": "01GIVEN"})
    OURS.info("d")
    assert [json.loads(line).get("job") for line in stream.getvalue().splitlines()] == [
        "01INNER",
        "01OUTER",
        "01GIVEN",
        None,
    ]


async def test_tasks_started_inside_a_job_carry_it_and_others_do_not() -> None:
    stream = start("INFO", "json")

    async def work(name: str) -> None:
        await asyncio.sleep(0)
        OURS.info(name)

    with job_context("01JOB"):
        inside = asyncio.create_task(work("inside"))
    await asyncio.gather(inside, work("outside"))
    jobs = {body["message"]: body.get("job") for body in map(json.loads, stream.getvalue().splitlines())}
    assert jobs == {"inside": "01JOB", "outside": None}


@pytest.mark.parametrize("noise", ["a\nFAKE 2026 line", "\x1b[31mred", "\r\x00", "\u2028", "\u202egnp.exe", "\ud800"])
def test_data_cannot_break_out_of_its_line(noise: str) -> None:
    stream = start()
    OURS.info("prompt %s", noise, extra={"job": noise})
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert text.rstrip("\n").isprintable()
    stream = start("INFO", "json")
    OURS.info("prompt %s", noise)
    assert len(stream.getvalue().splitlines()) == 1
    assert stream.getvalue().rstrip("\n").isprintable()


@given(st.text(alphabet=st.characters(), max_size=40), st.text(alphabet=st.characters(), max_size=10))
def test_any_text_makes_one_line(message: str, extra: str) -> None:
    for log_format in ("text", "json"):
        stream = start("INFO", log_format)
        OURS.info("%s", message, extra={"job": extra or None, "note": extra})
        assert len(stream.getvalue().splitlines()) == 1


def test_a_traceback_is_indented_below_the_line_that_names_the_job() -> None:
    stream = start()
    try:
        fail(ValueError("first\nsecond\x1b[31m"))
    except ValueError:
        OURS.exception("failed", extra={"job": "01JOB"})
    first, *trace = stream.getvalue().splitlines()
    assert "ERROR   bot.test [job=01JOB] failed" in first
    assert all(line.startswith("    ") for line in trace)
    assert trace[-1] == "    second\\x1b[31m"


def test_a_traceback_in_json_is_a_field() -> None:
    stream = start("INFO", "json")
    try:
        fail(ValueError("first"))
    except ValueError:
        OURS.exception("failed", stack_info=True)
    exception = str(as_json(stream)["exception"])
    assert "ValueError: first" in exception
    assert "Stack (most recent call last)" in exception


AWKWARD_VALUE = "pass/word with\"quote'"


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_known_secrets_are_taken_out_everywhere(log_format: str) -> None:
    stream = start("DEBUG", log_format, AWKWARD_VALUE)
    OURS.info(
        "message %s and %r",
        AWKWARD_VALUE,
        {"a": AWKWARD_VALUE},
        extra={"note": AWKWARD_VALUE, "thing": [AWKWARD_VALUE]},
    )
    OURS.info("in an address: https://example.com/?x=pass%2Fword%20with%22quote%27")
    try:
        fail(ValueError(AWKWARD_VALUE))
    except ValueError:
        OURS.exception("failed %s", AWKWARD_VALUE, stack_info=True)
    text = stream.getvalue().replace("\\", "")
    assert "pass/word" not in text
    assert "pass%2Fword" not in text


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    ("template", "secret"),
    [
        ("logging in with {}", DISCORD_TOKEN),
        ("key is {}.", API_KEY),
        ("GET https://api.example.com/mj?key={}&x=1", "abcdef0123"),
        ("POST https://discord.com/api/v10/interactions/123/{}/callback", INTERACTION_TOKEN),
        ("PATCH /api/v10/webhooks/123/{}/messages/@original", INTERACTION_TOKEN),
        ("POST https://easel.example.com/hook/{}", INTERACTION_TOKEN),
        ("headers {{'Authorization': 'Bearer {}', 'A': 'b'}}", "opaque"),
        ("headers {{'Authorization': 'Bot {}'}}", "opaque"),
        ("Authorization: {}", "opaque"),
        ("<CIMultiDict('mj-api-secret': '{}')>", "opaque"),
        ("(b'Authorization', b'Bearer {}')", "opaque"),
        ("sent Bearer {} to the API", "0123456789abcdefghij"),
        ("payload {{'token': '{}', 'id': '5'}}", INTERACTION_TOKEN),
        ('payload {{"token":"{}"}}', INTERACTION_TOKEN),
        ("NewJob(interaction_token='{}')", INTERACTION_TOKEN),
    ],
)
def test_what_has_the_shape_of_a_secret_is_taken_out(template: str, secret: str, log_format: str) -> None:
    stream = start("INFO", log_format)
    OURS.info("%s", template.format(secret))
    OURS.info("extra", extra={"note": template.format(secret)})
    try:
        fail(ValueError(template.format(secret)))
    except ValueError:
        OURS.exception("failed")
    assert secret not in stream.getvalue()
    assert stream.getvalue().count("***") >= 3


def test_ordinary_words_survive_redaction() -> None:
    stream = start("INFO", "text", "", "abc")
    sentence = "the key abc: token expired, bot restarted, /webhooks/5 asked, task 1773314942177684, job 01JCABCDEFGHJK"
    OURS.info("%s", sentence)
    assert sentence in stream.getvalue()


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_log_call_never_fails(log_format: str, capfd: pytest.CaptureFixture[str]) -> None:
    stream = start("INFO", log_format)
    OURS.info("%d items", "no number", extra={"note": Awkward()})
    OURS.info("%s", Awkward())
    OURS.info(Awkward())
    OURS.info("too many", 1, 2)
    OURS.info("too few %s %s", 1)
    OURS.info("a number that Python does not write out", extra={"n": 10**5000})
    lines = stream.getvalue().splitlines()
    assert len(lines) == 6
    assert "a record could not be formatted" in lines[-1]
    assert "%d items (its arguments did not fit)" in lines[0]
    assert capfd.readouterr().err == ""


def test_a_stream_that_cannot_be_written_costs_only_the_record(capfd: pytest.CaptureFixture[str]) -> None:
    stream = start()
    stream.close()
    OURS.info("secret %s", API_KEY)
    assert API_KEY not in capfd.readouterr().err


def test_a_stream_with_a_small_alphabet_gets_escapes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    configure(stream=stream)
    OURS.info("fox \U0001f98a")
    assert rb"fox \U0001f98a" in raw.getvalue()


def test_libraries_are_heard_from_warning_on() -> None:
    stream = start("INFO")
    logging.getLogger("some.library").info("chatter")
    logging.getLogger("discord.client").info("chatter")
    logging.getLogger("some.library").warning("trouble")
    OURS.debug("detail")
    OURS.info("event")
    assert [line.rsplit(" ", 1)[-1] for line in stream.getvalue().splitlines()] == ["trouble", "event"]


def test_at_debug_the_loggers_that_print_payloads_stay_quiet() -> None:
    stream = start("DEBUG")
    for name in ("discord.http", "discord.gateway", "discord.webhook.async_", "aiosqlite", "PIL.Image"):
        logging.getLogger(name).debug("payload %s", INTERACTION_TOKEN)
    logging.getLogger("some.library").debug("detail")
    OURS.debug("event")
    assert [line.rsplit(" ", 1)[-1] for line in stream.getvalue().splitlines()] == ["detail", "event"]


def test_a_reconnect_of_discord_is_one_line_and_its_other_errors_keep_their_traceback() -> None:
    stream = start()
    try:
        fail(ConnectionResetError("gone"))
    except ConnectionResetError:
        logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 1.5)
        logging.getLogger("discord.client").exception("Ignoring exception in %s", "on_ready")
    first, second, *trace = stream.getvalue().splitlines()
    assert first.endswith("Attempting a reconnect in 1.50s (ConnectionResetError: gone)")
    assert second.endswith("Ignoring exception in on_ready")
    assert trace[-1].strip() == "ConnectionResetError: gone"


def test_suggestions_that_nobody_waits_for_any_more_are_not_told_and_what_else_goes_wrong_with_them_is() -> None:
    class Refused(Exception):
        def __init__(self, code: int) -> None:
            super().__init__(f"refused with {code}")
            self.code = code

    stream = start()
    for logger, error in (
        ("discord.app_commands.tree", Refused(10062)),
        ("discord.app_commands.tree", Refused(50001)),
        ("discord.app_commands.tree", KeyError("ours")),
        ("bot.test", Refused(10062)),
    ):
        try:
            fail(error)
        except (Refused, KeyError):
            logging.getLogger(logger).exception("Ignoring exception in autocomplete for %r", "imagine")
    said = stream.getvalue()
    assert said.count("Ignoring exception") == 3
    assert said.count("refused with 10062") == 1
    assert "refused with 50001" in said
    assert "KeyError: 'ours'" in said


def test_configuring_again_replaces_the_former_stream() -> None:
    former = start()
    stream = start("INFO", "json")
    OURS.info("event")
    assert former.getvalue() == ""
    assert as_json(stream)["message"] == "event"


def test_warnings_go_to_the_log() -> None:
    stream = start()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old ways", stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "old ways" in stream.getvalue()


def test_other_handlers_get_the_record_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    configure(secrets=["canary-secret"], stream=io.StringIO())
    OURS.info("message %s", "canary-secret")
    assert caplog.records[-1].args == ("canary-secret",)


@pytest.mark.parametrize(("level", "log_format"), [("LOUD", "text"), ("INFO", "xml")])
def test_an_unknown_level_or_format_is_refused(level: str, log_format: str) -> None:
    with pytest.raises(ValueError, match="no such level or format"):
        configure(level=level, log_format=log_format)


def test_the_standard_error_stream_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    OURS.info("event")
    assert "event" in capsys.readouterr().err
    assert sys.stderr
