"""Where somebody is in their history: what they want to see of it, and which page. Their panel's custom_ids say it.

`mjh2:<turn>:<page>:<filter>:<words>`. The page is `b` or `a` with the job that it comes before or after; of the filter
only what was chosen is there, each with its letter; the words stand last, so any character may be in them. Nothing else
knows where anybody is, so a panel answers after a restart too, and what was ever posted must stay readable. Imports the
model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

from bot.model import HistoryFilter, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What the words of a search may have, in UTF-16 units: with them the longest custom_id has 100.
LONGEST_WORDS: Final = 40
#: The days that a filter can name. There was no Discord before the first one, and their numbers have five digits.
FIRST_DAY: Final = date(2015, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)

_EPOCH: Final = date(1970, 1, 1)
_NO_MODEL: Final = "0"

#: Never given to another kind.
_LETTERS: Final[Mapping[Kind, str]] = {
    Kind.IMAGINE: "i",
    Kind.UPSCALE: "u",
    Kind.VARIATION: "v",
    Kind.REROLL: "a",
    Kind.ZOOM: "z",
    Kind.PAN: "p",
    Kind.ANIMATE: "m",
    Kind.BLEND: "b",
    Kind.DESCRIBE: "d",
    Kind.SHORTEN: "s",
    Kind.EDIT: "e",
    Kind.REGION: "r",
    Kind.BOOKMARK: "k",
    Kind.OTHER: "o",
}
_KINDS: Final = {letter: kind for kind, letter in _LETTERS.items()}
_MODEL: Final = re.compile(r"(?P<family>v|niji) (?P<number>[0-9]{1,2}(?:\.[0-9])?)")
_FAMILIES: Final = {"v": "v", "n": "niji"}

#: An id of a time before the year 3000, and not the very first one: there is always one before and one after it.
_JOB: Final = "0[1-9A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{24}"
_DAY: Final = "(?:1[6-9]|[23][0-9]|4[0-7])[0-9]{3}"
_PAGE: Final = rf"(?:b(?P<before>{_JOB})|a(?P<after>{_JOB}))?"
_FILTER: Final = (
    rf"(?:k(?P<kind>[{''.join(_KINDS)}]))?(?:m(?P<model>0|[vn][0-9]{{1,2}}(?:\.[0-9])?))?"
    rf"(?P<favorites>f)?(?P<here>h)?(?P<no_failures>x)?(?:s(?P<since>{_DAY}))?(?:u(?P<until>{_DAY}))?"
)


@final
class Turn(StrEnum):
    """What a control of the panel does with the place that it names."""

    NEWEST = "n"
    NEWER = "e"
    OLDER = "o"
    EVERYTHING = "a"
    FILTER = "f"
    SEARCH = "s"
    SHARE = "p"


def _pattern(turns: str) -> re.Pattern[str]:
    return re.compile(rf"mjh2:(?P<turn>[{turns}]):{_PAGE}:{_FILTER}:(?P<words>[^\x00-\x1f]*)")


#: Buttons that put another page into the place of the one that is there.
TURN_BUTTON: Final = _pattern(f"{Turn.NEWEST}{Turn.NEWER}{Turn.OLDER}{Turn.EVERYTHING}")
#: The buttons that open a form, and the forms.
FILTER_FORM: Final = _pattern(Turn.FILTER)
SEARCH_FORM: Final = _pattern(Turn.SEARCH)
#: The button that shows a page to everybody.
SHARE_BUTTON: Final = _pattern(Turn.SHARE)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which jobs somebody wants to see, as they chose it.

    Attributes
    ----------
    model
        As `Job.model` has it; empty: that named none; None: whichever.
    favorites
        Only their favorites, whoever made those.
    here
        Only what was made in the server where they look.
    failures
        Whether those are shown that came to nothing.
    since, until
        The first and the last day, by UTC, of those from `FIRST_DAY` to `LAST_DAY`.
    words
        To be found in the prompt; at most `LONGEST_WORDS` UTF-16 units and no control characters.
    """

    kind: Kind | None = None
    model: str | None = None
    favorites: bool = False
    here: bool = False
    failures: bool = True
    since: date | None = None
    until: date | None = None
    words: str = ""

    @property
    def everything(self) -> Wanted:
        """The same without what narrows it: all there is, or all favorites."""
        return Wanted(favorites=self.favorites)

    def filter(self, guild_id: int | None) -> HistoryFilter:
        """Return it as the engine wants it, for whoever looks in that server or in none."""
        return HistoryFilter(
            kind=self.kind,
            model=self.model,
            guild_id=guild_id if self.here else None,
            favorites=self.favorites,
            failures=self.failures,
            since=None if self.since is None else _midnight(self.since),
            until=None if self.until is None else _midnight(self.until + timedelta(days=1)),
            text=self.words,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of what somebody wants to see: the newest one, or the one before or after a job, by its id."""

    wanted: Wanted
    before: str | None = None
    after: str | None = None

    def custom_id(self, turn: Turn) -> str:
        """Return the custom_id of a control that does this with the place."""
        page = f"b{self.before}" if self.before else f"a{self.after}" if self.after else ""
        return f"mjh2:{turn}:{page}:{_filter_code(self.wanted)}:{self.wanted.words}"


def place_of(match: re.Match[str]) -> Place:
    """Return the place that a matched custom_id names."""
    wanted = Wanted(
        kind=_KINDS[match["kind"]] if match["kind"] else None,
        model=_model_of(match["model"]),
        favorites=match["favorites"] is not None,
        here=match["here"] is not None,
        failures=match["no_failures"] is None,
        since=_day_of(match["since"]),
        until=_day_of(match["until"]),
        words=match["words"],
    )
    return Place(wanted=wanted, before=match["before"], after=match["after"])


def _filter_code(wanted: Wanted) -> str:
    parts = (
        f"k{_LETTERS[wanted.kind]}" if wanted.kind else "",
        _model_code(wanted.model),
        "f" if wanted.favorites else "",
        "h" if wanted.here else "",
        "" if wanted.failures else "x",
        f"s{(wanted.since - _EPOCH).days}" if wanted.since else "",
        f"u{(wanted.until - _EPOCH).days}" if wanted.until else "",
    )
    return "".join(parts)


def _model_code(model: str | None) -> str:
    """Return what says which model; one that was never named like any of Midjourney's cannot be asked for."""
    if model is None:
        return ""
    named = _MODEL.fullmatch(model)
    return f"m{named['family'][0]}{named['number']}" if named else f"m{_NO_MODEL}"


def _model_of(code: str | None) -> str | None:
    if code is None:
        return None
    return "" if code == _NO_MODEL else f"{_FAMILIES[code[0]]} {code[1:]}"


def _day_of(code: str | None) -> date | None:
    return None if code is None else _EPOCH + timedelta(days=int(code))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
