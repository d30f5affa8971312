"""The settings themselves (design 4): name, type, range and default of each, and what to do when one is wrong.

Imports only the standard library, pydantic-settings, `bot.errors`, `bot.model` and its neighbors.
"""

from __future__ import annotations

import math
import os
import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Self, final

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from typing_extensions import override

from bot.config.addresses import Listen, check_api_url, check_hosts, check_listen, check_public_url, check_url
from bot.config.env_file import Problem, read_env_file
from bot.config.secret_files import read_secret_files
from bot.errors import ConfigurationInvalid
from bot.model import Speed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails
    from pydantic_settings import PydanticBaseSettingsSource

_SQLITE: Final = "sqlite:///"
_SHORTEST: Final = 0.05
_LONGEST: Final = 600.0
_GIGABYTE: Final = 1_000_000_000
_MOST_GIGABYTES: Final = 1_000_000.0
_MOST_DAYS: Final = 36_500
_MOST_HOURS: Final = 168  # a week


@final
class LogFormat(StrEnum):
    """How log records look: for people or for machines."""

    TEXT = "text"
    JSON = "json"


@final
class LogLevel(StrEnum):
    """The least important records that are written."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def _check_secret(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError("contains blanks or characters that cannot be part of it")
    return secret


def _check_discord_token(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value().startswith("sk-"):
        raise ValueError("holds what looks like an API key")
    return _check_secret(secret)


def _seconds(value: object) -> object:
    try:
        seconds = float(str(value))
    except ValueError:
        raise ValueError("is not a number of seconds") from None
    if not (math.isfinite(seconds) and _SHORTEST <= seconds <= _LONGEST):
        raise ValueError(f"must be from {_SHORTEST} to {_LONGEST:g} seconds")
    return timedelta(seconds=seconds)


def _gigabytes(value: object) -> object:
    try:
        gigabytes = float(str(value))
    except ValueError:
        raise ValueError("is not a number of gigabytes") from None
    if not 0 <= gigabytes <= _MOST_GIGABYTES:
        raise ValueError(f"must be from 0 to {_MOST_GIGABYTES:.0f} gigabytes")
    return round(gigabytes * _GIGABYTE) or None


def _days(value: object) -> object:
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise ValueError("is not a whole number of days")
    if len(text) > len(str(_MOST_DAYS)) or int(text) > _MOST_DAYS:
        raise ValueError(f"must be from 0 to {_MOST_DAYS} days")
    return timedelta(days=int(text)) or None


def _check_database(url: str) -> str:
    path = url.removeprefix(_SQLITE)
    if path == url:
        raise ValueError("must start with sqlite:///")
    if not path.strip("/") or path.endswith("/") or path.startswith(":") or re.search(r"[?#\x00-\x1f]", path):
        raise ValueError("does not name a file")
    return url


def _lower(value: object) -> object:
    return str(value).lower()


def _upper(value: object) -> object:
    return str(value).upper()


def _hours(value: object) -> object:
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise ValueError("is not a whole number of hours")
    if len(text) > len(str(_MOST_HOURS)) or int(text) > _MOST_HOURS:
        raise ValueError(f"must be from 0 to {_MOST_HOURS} hours")
    return timedelta(hours=int(text)) or None


Seconds = Annotated[timedelta, BeforeValidator(_seconds)]
Days = Annotated[timedelta | None, BeforeValidator(_days)]


@final
class Settings(BaseSettings):
    """All settings. Made by `load`; field names are ours, aliases those of the environment.

    Attributes
    ----------
    cometapi_base_url, discord_api_url, public_url, webhook_url
        Without a slash at the end; the latter three None where not set.
    webhook_listen
        Where the receiver listens for callbacks; None where the bot takes them itself.
    poll_interval
        The longest gap between two looks at a running task; the whole schedule scales with it.
    progress_edit_interval
        The least time between two edits of one progress message.
    command_guild_id
        The server that commands are registered in; None for everywhere.
    identify_budget
        Connections to Discord that may be started within a day where it does not say how many are left.
    batch_limit
        The most pictures that one `{a, b}` or `--repeat` makes.
    pictures_limit
        In bytes, for all kept pictures together; None for no limit.
    pictures_life
        How long a picture is kept; None for ever.
    history_life
        How long a job is kept, with all that belongs to it; None for ever.
    backup_every
        How much time lies between two backups of the database; None for none.
    media_hosts
        Hosts that pictures may be fetched from; empty for any public https host.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False)

    discord_token: Annotated[SecretStr, AfterValidator(_check_discord_token)] = Field(alias="DISCORD_TOKEN")
    cometapi_key: Annotated[SecretStr, AfterValidator(_check_secret)] = Field(alias="COMETAPI_KEY")
    cometapi_base_url: Annotated[str, AfterValidator(check_api_url)] = Field(
        default="https://api.cometapi.com",
        alias="COMETAPI_BASE_URL",
    )
    discord_api_url: Annotated[str, AfterValidator(check_url)] | None = Field(default=None, alias="DISCORD_API_URL")
    database_url: Annotated[str, AfterValidator(_check_database)] = Field(
        default=f"{_SQLITE}data/easel.db",
        alias="DATABASE_URL",
    )
    default_speed: Annotated[Speed, BeforeValidator(_lower)] = Field(default=Speed.FAST, alias="DEFAULT_SPEED")
    poll_interval: Seconds = Field(default=timedelta(seconds=5), alias="POLL_INTERVAL_SECONDS")
    progress_edit_interval: Seconds = Field(default=timedelta(seconds=5), alias="PROGRESS_EDIT_SECONDS")
    command_guild_id: int | None = Field(default=None, gt=0, lt=2**63, alias="COMMAND_GUILD_ID")
    identify_budget: int = Field(default=500, ge=1, le=900, alias="IDENTIFY_BUDGET_PER_DAY")
    media_hosts: Annotated[tuple[str, ...], BeforeValidator(check_hosts)] = Field(default=(), alias="MEDIA_HOSTS")
    submit_timeout: Seconds = Field(default=timedelta(seconds=90), alias="SUBMIT_TIMEOUT_SECONDS")
    submit_concurrency: int = Field(default=32, ge=1, le=1000, alias="SUBMIT_CONCURRENCY")
    batch_limit: int = Field(default=10, ge=1, le=40, alias="BATCH_LIMIT")
    pictures_limit: Annotated[int | None, BeforeValidator(_gigabytes)] = Field(
        default=20 * _GIGABYTE, alias="PICTURES_LIMIT_GB"
    )
    pictures_life: Days = Field(default=None, alias="PICTURES_KEEP_DAYS")
    history_life: Days = Field(default=None, alias="HISTORY_KEEP_DAYS")
    backup_every: Annotated[timedelta | None, BeforeValidator(_hours)] = Field(
        default=timedelta(hours=6), alias="BACKUP_HOURS"
    )
    http_listen: Annotated[Listen, BeforeValidator(check_listen)] | None = Field(default=None, alias="HTTP_LISTEN")
    public_url: Annotated[str, AfterValidator(check_public_url)] | None = Field(default=None, alias="PUBLIC_URL")
    webhook_url: Annotated[str, AfterValidator(check_public_url)] | None = Field(default=None, alias="WEBHOOK_URL")
    webhook_listen: Annotated[Listen, BeforeValidator(check_listen)] | None = Field(
        default=None, alias="WEBHOOK_LISTEN"
    )
    log_level: Annotated[LogLevel, BeforeValidator(_upper)] = Field(default=LogLevel.INFO, alias="LOG_LEVEL")
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = Field(default=LogFormat.TEXT, alias="LOG_FORMAT")

    _problems: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with settings that were wanted anyhow."""
        return self._problems

    @property
    def database_path(self) -> Path:
        """The database file, relative to the working directory unless absolute."""
        return Path(self.database_url.removeprefix(_SQLITE))

    @property
    def data_folder(self) -> Path:
        """The folder that holds everything Easel keeps."""
        return self.database_path.parent

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown, for the log."""
        return (self.discord_token.get_secret_value(), self.cometapi_key.get_secret_value())

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all settings as the environment has them."""
        return tuple(str(field.alias) for field in cls.model_fields.values())

    @classmethod
    def load(
        cls,
        env_file: Path | None = Path(".env"),
        environ: Mapping[str, str] | None = None,
        *,
        with_secrets: bool = True,
        anyhow: bool = False,
    ) -> Self:
        """Read the settings from the environment and, for what it lacks, from a file.

        Parameters
        ----------
        env_file
            None or missing: no file. An empty value counts as not set, here and in the environment.
        environ
            In the place of the process's own environment.
        with_secrets
            Whether the token and the key are needed; where they are not, a stand-in takes the place of each.
        anyhow
            Whether to return settings that Easel cannot start with; `problems` says what is wrong with them.

        Raises
        ------
        ConfigurationInvalid
            With everything that is wrong.
        """
        environment = os.environ if environ is None else environ  # noqa: TID251 - this is the one place
        names = cls.names()
        in_file, problems = read_env_file(env_file, names, _SECRETS) if env_file else ({}, [])
        handed_out, unreadable = read_secret_files(environment, _SECRETS)
        problems += unreadable
        in_file |= handed_out
        merged = {name: environment.get(name, "").strip() or in_file.get(name, "") for name in names}
        given = {name: value for name, value in merged.items() if value}
        settings, wrong = cls._read(given if with_secrets else {**_STAND_INS, **given})
        problems += wrong
        if problems and not anyhow:
            raise ConfigurationInvalid(problems) from None
        settings._problems = tuple(problems)  # noqa: SLF001 - of its own class
        return settings

    @classmethod
    def _read(cls, given: Mapping[str, str]) -> tuple[Self, list[Problem]]:
        """Return the settings and what is wrong: in the place of that stands what holds where nothing is given."""
        try:
            settings = cls.model_validate(given)
        except ValidationError as invalid:
            problems = [_explain(error) for error in invalid.errors(include_url=False, include_input=False)]
            wrong = {problem.key for problem in problems}
            sound = {name: value for name, value in given.items() if name not in wrong}
            return cls.model_validate({**_STAND_INS, **sound}), problems
        return settings, _contradictions(settings)

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from `load` alone: it merges the sources, and a test can name its own."""
        return (init_settings,)


_SECRETS: Final = ("DISCORD_TOKEN", "COMETAPI_KEY")
_STAND_INS: Final = {name: f"no-{name}" for name in _SECRETS}
_IN_SECONDS: Final = "Write a number of seconds, such as {}."

_FIXES: Final[Mapping[str, str]] = {
    "DISCORD_TOKEN": "Create a bot token in Discord's Developer Portal under Bot and put it into .env.",
    "COMETAPI_KEY": "Create a key in the API's console and put it into .env.",
    "COMETAPI_BASE_URL": "Write it like https://api.cometapi.com, or leave it empty.",
    "DISCORD_API_URL": "Leave it empty for Discord itself, or write it like http://127.0.0.1:8090/api/v10.",
    "DATABASE_URL": "Write sqlite:///data/easel.db, or sqlite:////var/lib/easel/easel.db for an absolute path.",
    "DEFAULT_SPEED": "Write fast, turbo or relax.",
    "POLL_INTERVAL_SECONDS": _IN_SECONDS.format(5),
    "PROGRESS_EDIT_SECONDS": _IN_SECONDS.format(5),
    "COMMAND_GUILD_ID": "Copy the server's id in Discord (developer mode), or leave it empty for all servers.",
    "IDENTIFY_BUDGET_PER_DAY": "Write a whole number from 1 to 900, such as 500.",
    "MEDIA_HOSTS": "Write host names with commas between them, without https:// and without ports.",
    "SUBMIT_TIMEOUT_SECONDS": _IN_SECONDS.format(90),
    "SUBMIT_CONCURRENCY": "Write a whole number, such as 32.",
    "BATCH_LIMIT": "Write a whole number from 1 to 40, such as 10; 1 switches batches off.",
    "PICTURES_LIMIT_GB": "Write a number of gigabytes, such as 20; 0 for no limit.",
    "PICTURES_KEEP_DAYS": "Write a whole number of days, such as 365; 0 or nothing to keep pictures for ever.",
    "HISTORY_KEEP_DAYS": "Write a whole number of days, such as 365; 0 or nothing to keep jobs for ever.",
    "BACKUP_HOURS": "Write a whole number of hours, such as 6; 0 for no backups.",
    "HTTP_LISTEN": "Write it like 127.0.0.1:8080, or leave it empty to switch it off.",
    "PUBLIC_URL": "Write how HTTP_LISTEN is reached from outside, like https://easel.example.com, or leave both empty.",
    "WEBHOOK_URL": "Write how the API reaches WEBHOOK_LISTEN or HTTP_LISTEN, like https://easel.example.com, or leave "
    "it empty to go without callbacks.",
    "WEBHOOK_LISTEN": "Write it like 127.0.0.1:8081 for `python -m bot receive`, or leave it empty to have the bot "
    "itself take callbacks at HTTP_LISTEN.",
    "LOG_LEVEL": "Write DEBUG, INFO, WARNING or ERROR.",
    "LOG_FORMAT": "Write text or json.",
}

_REASONS: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "enum": "is none of the words that it may be",
    "int_parsing": "is not a whole number",
    "int_parsing_size": "is too large a number",
    "greater_than": "must be more than {gt}",
    "less_than": "is too large a number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


def _explain(error: ErrorDetails) -> Problem:
    """Turn an error of pydantic's into a problem, without its text: that may repeat the value."""
    key = str(error["loc"][0])
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        reason = str(context["error"])
    else:
        reason = _REASONS.get(error["type"], "is not valid").format(**context)
    return Problem(key, reason, _FIXES[key])


def _contradictions(settings: Settings) -> list[Problem]:
    problems: list[Problem] = []
    if settings.public_url and not settings.http_listen:
        problems.append(Problem("PUBLIC_URL", "is set while HTTP_LISTEN is not", _FIXES["PUBLIC_URL"]))
    problems += _contradictory_hooks(settings)
    if settings.discord_token == settings.cometapi_key:
        problems.append(Problem("COMETAPI_KEY", "is the same as DISCORD_TOKEN", _FIXES["COMETAPI_KEY"]))
    return problems


def _contradictory_hooks(settings: Settings) -> Iterator[Problem]:
    url, listen = settings.webhook_url, settings.webhook_listen
    if url and not (listen or settings.http_listen):
        yield Problem(
            "WEBHOOK_URL", "is set while nothing listens", "Set WEBHOOK_LISTEN or HTTP_LISTEN, or leave it empty."
        )
    if listen and not url:
        yield Problem("WEBHOOK_LISTEN", "is set while WEBHOOK_URL is not", _FIXES["WEBHOOK_LISTEN"])
    if listen and listen.port and listen == settings.http_listen:
        yield Problem("WEBHOOK_LISTEN", "is the same as HTTP_LISTEN", _FIXES["WEBHOOK_LISTEN"])
