"""What is kept of a person, and the form that has it forgotten. Imports the model and the text rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import mark, say, say_many
from cogs.custom_ids import PRIVACY_DELETE, PRIVACY_EXPORT
from cogs.render.controls import DANGER, Button
from cogs.render.panels import Panel, Rule, Text
from cogs.render.text import day

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.jobs.privacy.service import Kept
    from bot.model import Holdings

_MEGABYTE: Final = 1_000_000
#: What has to be typed. It is said in the language of the form; the English one is always taken too.
_WORD: Final = mark("DELETE")


def render_kept(kept: Kept) -> Panel:
    """Return the panel of `/privacy show`."""
    return Panel(
        parts=(
            Text("### " + say("What is kept about you") + "\n" + _holdings(kept.holdings)),
            Text("**" + say("Where") + "**\n" + say(_WHERE)),
            Text("**" + say("How long") + "**\n" + _how_long(kept)),
            Text("**" + say("Who else sees it") + "**\n" + _others()),
            Rule(),
            Text(say("`/privacy export` gives you all of it; `/privacy delete` has it forgotten.")),
            (
                Button(label=say("Export"), custom_id=PRIVACY_EXPORT),
                Button(label=say("Delete …"), style=DANGER, custom_id=PRIVACY_DELETE),
            ),
        )
    )


_WHERE: Final = mark(
    "In a database and a folder on the computer of whoever runs this bot, and in backups there. Your Discord id stands "
    "there, not your name, unless you shared a preset."
)


def _holdings(holdings: Holdings, *, what_is_not: bool = True) -> str:
    lines = [_jobs(holdings)]
    if holdings.files:
        size = round(holdings.size / _MEGABYTE, 1)
        lines.append(
            say_many(
                "{count} picture or video ({size} MB)",
                "{count} pictures and videos ({size} MB)",
                holdings.files,
                size=size,
            )
        )
    if holdings.favorites:
        lines.append(say_many("{count} favorite", "{count} favorites", holdings.favorites))
    if holdings.stars:
        lines.append(say_many("{count} star", "{count} stars", holdings.stars))
    if holdings.presets:
        lines.append(say_many("{count} preset", "{count} presets", holdings.presets))
    if holdings.has_settings or what_is_not:
        lines.append(say("your settings") if holdings.has_settings else say("no settings of your own"))
    return "\n".join(f"- {line}" for line in lines)


def _jobs(holdings: Holdings) -> str:
    if holdings.oldest is None:
        return say("no jobs")
    jobs = say_many(
        "{count} job since {date}: its prompt, when it was made, where it was shown",
        "{count} jobs since {date}: their prompts, when they were made, where they were shown",
        holdings.jobs,
        date=day(holdings.oldest),
    )
    if not holdings.deleted:
        return jobs
    deleted = say_many(
        "{count} of them was deleted: its picture and its words are gone",
        "{count} of them were deleted: their pictures and their words are gone",
        holdings.deleted,
    )
    return f"{jobs} ({deleted})"


def _how_long(kept: Kept) -> str:
    lines = [
        _jobs_life(kept.jobs_life),
        say(
            "Pictures and videos: {time}, or until there is no room left; favorites and those in a star channel go "
            "last then.",
            time=_life(kept.files_life),
        ),
        say("What you fill in and do not send: a day. Pictures that you hand in: two days."),
    ]
    if kept.backups_life is not None:
        lines.append(say("Backups of all that: {time} at most.", time=_life(kept.backups_life)))
    return "\n".join(f"- {line}" for line in lines)


def _jobs_life(life: timedelta | None) -> str:
    if life is None:
        return say("Jobs: until you delete them. That you made them, and when: until `/privacy delete`.")
    return say("Jobs: {time}. How many there were: until the end of the month.", time=_life(life))


def _life(life: timedelta | None) -> str:
    return say("until you delete them") if life is None else say_many("{count} day", "{count} days", life.days)


def _others() -> str:
    return "\n".join(
        "- " + line
        for line in (
            say("Discord has all messages, and everybody in a channel sees what is posted there."),
            say("CometAPI and Midjourney get your prompts and the pictures that you hand in, not who you are."),
            say(
                "Others can make something of your posted pictures: that is theirs. Your words go from it with "
                "`/privacy delete`."
            ),
        )
    )


def word() -> str:
    """Return the word that has to be typed."""
    return say(_WORD)


def is_word(typed: str) -> bool:
    """Tell whether somebody typed it, in their language or in English, in capitals or not."""
    said = say(_WORD)
    return typed.strip().casefold() in {said.casefold(), said.english.casefold()}


def what_goes(kept: Kept) -> str:
    """Return what is told in the form."""
    return "\n".join(
        (
            say("**This cannot be undone.** It goes for good:"),
            _holdings(kept.holdings, what_is_not=False),
            "",
            say("What is waiting is canceled. What is running ends, and is shown to nobody."),
            say("Messages in Discord stay; delete those that you do not want there first."),
            *((say("It goes from the backups here too, soon after."),) if kept.backups_life else ()),
            say("What others made from your pictures stays theirs, without your words."),
        )
    )


def has_gone(count: int) -> str:
    """Return what is told at the end."""
    gone = say_many(
        "Done: {count} job and everything else that was kept about you is deleted.",
        "Done: {count} jobs and everything else that was kept about you are deleted.",
        count,
    )
    rest = say("What was still running goes as soon as it has ended. You can come back at any time, and begin anew.")
    return f"{gone}\n{rest}"


def not_the_word() -> str:
    """Return what is told whoever typed something else."""
    return say("Nothing was deleted: the word to type is {word}. Use `/privacy delete` to try again.", word=word())
