"""Settings: everything wrong is named at once, with reason and fix, and no value is ever repeated."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.config import ExitCode, Listen, LogFormat, LogLevel, Settings
from bot.config.env_file import check_permissions
from bot.errors import ConfigurationInvalid, EaselError
from bot.model import Speed

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUIRED = {"DISCORD_TOKEN": "canary.discord.token", "COMETAPI_KEY": "sk-canary-key"}


def load(**environ: str) -> Settings:
    return Settings.load(None, {**REQUIRED, **environ})


def problems(env_file: Path | None = None, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    with pytest.raises(ConfigurationInvalid) as caught:
        Settings.load(env_file, {**REQUIRED, **(environ or {})})
    assert all(fix for _, _, fix in caught.value.problems)
    return {key: reason for key, reason, _ in caught.value.problems}


def refusal(environ: Mapping[str, str]) -> ConfigurationInvalid | None:
    try:
        Settings.load(None, environ)
    except ConfigurationInvalid as invalid:
        return invalid
    return None


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_the_required_two_are_enough() -> None:
    settings = load()
    assert settings.discord_token.get_secret_value() == REQUIRED["DISCORD_TOKEN"]
    assert settings.cometapi_base_url == "https://api.cometapi.com"
    assert settings.discord_api_url is None
    assert settings.database_path == Path("data/easel.db")
    assert settings.data_folder == Path("data")
    assert settings.default_speed is Speed.FAST
    assert settings.poll_interval == settings.progress_edit_interval == timedelta(seconds=5)
    assert settings.command_guild_id is None
    assert settings.media_hosts == ()
    assert settings.submit_timeout == timedelta(seconds=90)
    assert settings.submit_concurrency == 32
    assert (settings.pictures_limit, settings.pictures_life) == (20_000_000_000, None)
    assert settings.history_life is None
    assert settings.backup_every == timedelta(hours=6)
    assert settings.http_listen is None
    assert settings.public_url is None
    assert settings.log_level is LogLevel.INFO
    assert settings.log_format is LogFormat.TEXT


def test_every_setting_can_be_set() -> None:
    settings = load(
        COMETAPI_BASE_URL="http://127.0.0.1:8090/",
        DISCORD_API_URL="http://127.0.0.1:8091/api/v10/",
        DATABASE_URL="sqlite:////var/lib/easel/easel.db",
        DEFAULT_SPEED="Relax",
        POLL_INTERVAL_SECONDS="0.5",
        PROGRESS_EDIT_SECONDS="8",
        COMMAND_GUILD_ID="123456789012345678",
        MEDIA_HOSTS=" CDN.example.com, 10.0.0.7,, ::1,cdn.example.com ",
        SUBMIT_TIMEOUT_SECONDS="75",
        SUBMIT_CONCURRENCY="4",
        PICTURES_LIMIT_GB="0.5",
        PICTURES_KEEP_DAYS="90",
        HISTORY_KEEP_DAYS="365",
        BACKUP_HOURS="24",
        HTTP_LISTEN="[::1]:8080",
        PUBLIC_URL="http://localhost:8080/",
        LOG_LEVEL="debug",
        LOG_FORMAT="JSON",
    )
    assert settings.cometapi_base_url == "http://127.0.0.1:8090"
    assert settings.discord_api_url == "http://127.0.0.1:8091/api/v10"
    assert settings.database_path == Path("/var/lib/easel/easel.db")
    assert settings.default_speed is Speed.RELAX
    assert settings.poll_interval == timedelta(seconds=0.5)
    assert settings.progress_edit_interval == timedelta(seconds=8)
    assert settings.command_guild_id == 123456789012345678
    assert settings.media_hosts == ("cdn.example.com", "10.0.0.7", "::1")
    assert settings.submit_timeout == timedelta(seconds=75)
    assert settings.submit_concurrency == 4
    assert (settings.pictures_limit, settings.pictures_life) == (500_000_000, timedelta(days=90))
    assert settings.history_life == timedelta(days=365)
    assert settings.backup_every == timedelta(days=1)
    assert settings.http_listen == Listen("::1", 8080)
    assert settings.public_url == "http://localhost:8080"
    assert settings.log_level is LogLevel.DEBUG
    assert settings.log_format is LogFormat.JSON


def test_settings_are_frozen_and_hide_their_secrets() -> None:
    settings = load()
    with pytest.raises(ValidationError):
        settings.log_level = LogLevel.DEBUG
    assert "canary" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.secrets == tuple(REQUIRED.values())


def test_the_process_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.names():
        monkeypatch.delenv(name, raising=False)
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SUBMIT_CONCURRENCY", "7")
    assert Settings.load(None).submit_concurrency == 7


BROKEN = [
    ("DISCORD_TOKEN", "", "is missing"),
    ("DISCORD_TOKEN", "Bot canary.token", "contains blanks"),
    ("DISCORD_TOKEN", "sk-canary", "looks like an API key"),
    ("DISCORD_TOKEN", "canäry", "contains blanks or characters"),
    ("COMETAPI_KEY", " ", "is missing"),
    ("COMETAPI_KEY", "Bearer sk-canary", "contains blanks"),
    ("COMETAPI_KEY", "canary.discord.token", "is the same as DISCORD_TOKEN"),
    ("COMETAPI_BASE_URL", "canary.example.com", "must start with https://"),
    ("COMETAPI_BASE_URL", "http://canary.example.com", "must start with https://"),
    ("COMETAPI_BASE_URL", "http://8.8.8.8", "must start with https://"),
    ("COMETAPI_BASE_URL", "https://canary.example.com/v1/", "must not end in /v1"),
    ("COMETAPI_BASE_URL", "https://canary.example.com/mj", "must not end in /mj"),
    ("COMETAPI_BASE_URL", "https://canary:secret@example.com", "must not contain a user name"),
    ("COMETAPI_BASE_URL", "https://example.com?key=canary", "must not contain ?"),
    ("COMETAPI_BASE_URL", "https://", "is not a complete address"),
    ("COMETAPI_BASE_URL", "https://[canary", "is not a complete address"),
    ("COMETAPI_BASE_URL", "https://example.com:99999", "is not a complete address"),
    ("DISCORD_API_URL", "ftp://canary", "must start with https://"),
    ("DISCORD_API_URL", "http://canary.example.com/api", "must start with https://"),
    ("DATABASE_URL", "postgresql://canary", "must start with sqlite:///"),
    ("DATABASE_URL", "sqlite:///", "does not name a file"),
    ("DATABASE_URL", "sqlite:///:memory:", "does not name a file"),
    ("DATABASE_URL", "sqlite:///canary/", "does not name a file"),
    ("DATABASE_URL", "sqlite:///canary.db?mode=ro", "does not name a file"),
    ("DEFAULT_SPEED", "canary", "is none of the words"),
    ("POLL_INTERVAL_SECONDS", "canary", "is not a number of seconds"),
    ("POLL_INTERVAL_SECONDS", "0", "must be from 0.05 to 600 seconds"),
    ("POLL_INTERVAL_SECONDS", "nan", "must be from 0.05 to 600 seconds"),
    ("PROGRESS_EDIT_SECONDS", "-1", "must be from 0.05 to 600 seconds"),
    ("SUBMIT_TIMEOUT_SECONDS", "1e9", "must be from 0.05 to 600 seconds"),
    ("COMMAND_GUILD_ID", "canary", "is not a whole number"),
    ("COMMAND_GUILD_ID", "-5", "must be more than 0"),
    ("COMMAND_GUILD_ID", "9" * 30, "is too large a number"),
    ("MEDIA_HOSTS", "example.com,https://canary.com", "at place 2"),
    ("MEDIA_HOSTS", "*.canary.com", "at place 1"),
    ("MEDIA_HOSTS", "canary.com:443", "at place 1"),
    ("SUBMIT_CONCURRENCY", "0", "must be at least 1"),
    ("SUBMIT_CONCURRENCY", "1001", "must be at most 1000"),
    ("SUBMIT_CONCURRENCY", "1.5", "is not a whole number"),
    ("IDENTIFY_BUDGET_PER_DAY", "0", "must be at least 1"),
    ("BATCH_LIMIT", "0", "must be at least 1"),
    ("BATCH_LIMIT", "41", "must be at most 40"),
    ("PICTURES_LIMIT_GB", "canary", "is not a number of gigabytes"),
    ("PICTURES_LIMIT_GB", "-1", "must be from 0 to 1000000 gigabytes"),
    ("PICTURES_LIMIT_GB", "nan", "must be from 0 to 1000000 gigabytes"),
    ("PICTURES_KEEP_DAYS", "1.5", "is not a whole number of days"),
    ("PICTURES_KEEP_DAYS", "36501", "must be from 0 to 36500 days"),
    ("HISTORY_KEEP_DAYS", "a year", "is not a whole number of days"),
    ("BACKUP_HOURS", "6.5", "is not a whole number of hours"),
    ("BACKUP_HOURS", "169", "must be from 0 to 168 hours"),
    ("HTTP_LISTEN", "8080", "must be host:port"),
    ("HTTP_LISTEN", "http://canary:80", "must be host:port"),
    ("HTTP_LISTEN", "127.0.0.1:70000", "names a port beyond 65535"),
    ("PUBLIC_URL", "canary.example.com", "must start with https://"),
    ("PUBLIC_URL", "http://192.168.0.5", "must start with https://"),
    ("PUBLIC_URL", "https://canary.example.com", "is set while HTTP_LISTEN is not"),
    ("WEBHOOK_URL", "http://canary.example.com", "must start with https://"),
    ("WEBHOOK_URL", "https://canary.example.com", "is set while nothing listens"),
    ("WEBHOOK_LISTEN", "8081", "must be host:port"),
    ("WEBHOOK_LISTEN", "127.0.0.1:8081", "is set while WEBHOOK_URL is not"),
    ("LOG_LEVEL", "canary", "is none of the words"),
    ("LOG_FORMAT", "canary", "is none of the words"),
]


@pytest.mark.parametrize(("name", "value", "reason"), BROKEN)
def test_a_wrong_value_is_named_with_its_reason(name: str, value: str, reason: str) -> None:
    assert reason in problems(None, {name: value})[name]


@pytest.mark.parametrize(
    ("environ", "is_fine"),
    [
        ({"WEBHOOK_LISTEN": "127.0.0.1:8081"}, True),
        ({"HTTP_LISTEN": "127.0.0.1:8080"}, True),
        ({"HTTP_LISTEN": "127.0.0.1:8080", "WEBHOOK_LISTEN": "127.0.0.1:8081"}, True),
        ({"HTTP_LISTEN": "127.0.0.1:8080", "WEBHOOK_LISTEN": "127.0.0.1:8080"}, False),
    ],
)
def test_callbacks_come_to_the_receiver_or_to_the_bot_itself(environ: Mapping[str, str], *, is_fine: bool) -> None:
    invalid = refusal({**REQUIRED, "WEBHOOK_URL": "https://easel.example.com/", **environ})
    assert [key for key, _, _ in invalid.problems] == ["WEBHOOK_LISTEN"] if invalid else is_fine


def test_what_needs_no_secrets_gets_along_without_but_not_with_wrong_ones() -> None:
    assert Settings.load(None, {"LOG_LEVEL": "ERROR"}, with_secrets=False).log_level is LogLevel.ERROR
    assert Settings.load(None, REQUIRED, with_secrets=False).secrets == tuple(REQUIRED.values())
    with pytest.raises(ConfigurationInvalid, match="DISCORD_TOKEN contains blanks"):
        Settings.load(None, {"DISCORD_TOKEN": "Bot x"}, with_secrets=False)


def test_every_setting_has_a_broken_example_here() -> None:
    assert {name for name, _, _ in BROKEN} == set(Settings.names())


def test_all_problems_are_in_one_message_with_their_fixes() -> None:
    with pytest.raises(ConfigurationInvalid) as caught:
        Settings.load(None, {"COMETAPI_BASE_URL": "https://api.cometapi.com/v1", "LOG_LEVEL": "loud"})
    message = str(caught.value)
    assert [line.split()[0] for line in message.splitlines()[1:]] == [
        "DISCORD_TOKEN",
        "COMETAPI_KEY",
        "COMETAPI_BASE_URL",
        "LOG_LEVEL",
    ]
    assert "Developer Portal under Bot" in message
    assert "Write it like https://api.cometapi.com" in message
    assert "Write DEBUG, INFO, WARNING or ERROR" in message


@given(st.sampled_from(Settings.names()), st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_no_value_is_ever_repeated(name: str, noise: str) -> None:
    invalid = refusal({**REQUIRED, name: f"Canary7Secret{noise}"})
    if invalid:
        assert "Canary7Secret" not in str(invalid) + repr(invalid.problems)
        assert invalid.__suppress_context__, "pydantic's own error does not show up in a traceback either"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8090",
        "http://127.0.0.1",
        "http://[::1]:80",
        "http://10.1.2.3:8080",
        "http://192.168.1.5",
        "http://midjourney-proxy:8080",
        "http://proxy.local",
        "https://example.com/prefix",
    ],
)
def test_plain_http_is_for_this_machine_and_network(url: str) -> None:
    assert load(COMETAPI_BASE_URL=url).cometapi_base_url == url


def test_a_file_fills_in_what_the_environment_lacks(tmp_path: Path) -> None:
    file = write(
        tmp_path / ".env",
        "\ufeff# a comment\nexport DISCORD_TOKEN='from.the.file'  # another\n"
        'COMETAPI_KEY="sk-$HOME-${X}"\nLOG_LEVEL=ERROR\n',
    )
    settings = Settings.load(file, {"LOG_LEVEL": "debug", "DISCORD_TOKEN": ""})
    assert settings.secrets == ("from.the.file", "sk-$HOME-${X}")
    assert settings.log_level is LogLevel.DEBUG


def test_a_missing_file_is_no_problem(tmp_path: Path) -> None:
    assert Settings.load(tmp_path / ".env", REQUIRED) == load()


def test_a_misspelled_name_in_the_file_is_pointed_out(tmp_path: Path) -> None:
    file = write(tmp_path / ".env", "DISCORD_TOKN=canary\nlog_level=INFO\nCOMPOSE_PROJECT_NAME=easel\n")
    with pytest.raises(ConfigurationInvalid) as caught:
        Settings.load(file, REQUIRED)
    assert caught.value.problems == (
        ("DISCORD_TOKN", "is not a setting", "Did you mean DISCORD_TOKEN?"),
        ("log_level", "is not a setting", "Did you mean LOG_LEVEL?"),
    )


def test_a_line_that_is_no_setting_is_named_by_number_alone(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = write(tmp_path / ".env", "LOG_LEVEL=INFO\ncanary.secret.token\n= canary\n")
    with caplog.at_level(logging.DEBUG):
        found = problems(file)
    assert list(found) == [f"{file} line 2", f"{file} line 3"]
    assert "canary" not in str(found).replace(str(file), "") + caplog.text


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_file_with_secrets_must_be_its_owners_alone(tmp_path: Path) -> None:
    file = write(tmp_path / ".env", "COMETAPI_KEY=sk-canary\n", mode=0o644)
    assert problems(file) == {str(file): "holds secrets and can be read by others"}
    file.write_text("LOG_LEVEL=INFO\n", encoding="utf-8")
    assert Settings.load(file, REQUIRED) == load(), "without a secret in it anybody may read it"


@pytest.mark.skipif(os.name != "posix", reason="file owners are POSIX's")
def test_a_file_with_secrets_must_not_be_somebody_elses() -> None:
    mine, roots, other = ((0o100600, 0, 0, 1, uid, 0, 0, 0, 0, 0) for uid in (os.geteuid(), 0, os.geteuid() + 1))
    assert [check_permissions(Path(".env"), os.stat_result(status)) for status in (mine, roots)] == [[], []]
    assert [problem.reason for problem in check_permissions(Path(".env"), os.stat_result(other))] == [
        "belongs to another user",
    ]


def test_a_file_that_cannot_be_read_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert "cannot be read" in problems(tmp_path)[str(tmp_path)]
    broken = tmp_path / "latin"
    broken.write_bytes(b"LOG_LEVEL=\xff\xfe")
    assert problems(broken) == {str(broken): "is not a text file in UTF-8"}


def test_exit_codes_are_those_that_service_files_name() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAULT": 1,
        "USAGE": 64,
        "STORAGE": 74,
        "IN_USE": 75,
        "CONFIGURATION": 78,
    }


def test_the_error_is_one_of_ours() -> None:
    assert issubclass(ConfigurationInvalid, EaselError)
