"""A page of `/history`: within the limits of a panel whatever is on it, and everything on it in words."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import HistoryPage, Kind, Media, Status
from cogs.custom_ids import HISTORY_BUTTON, LONGEST, find_job_id, job_button
from cogs.places import FIRST_DAY, LAST_DAY, TURN_BUTTON, Place, Wanted, place_of
from cogs.render.controls import Button
from cogs.render.history import PAGE, Shelf, model_name, render_history, suggestion_name, wanted_in_words
from cogs.render.panels import Gallery, Picture, Section, Text
from cogs.render.text import size
from tests.languages import pseudo, unsaid
from tests.unit.render_builders import JOB_ID, JOBS, PARENT_ID, START, delivery, job
from tests.unit.render_limits import check_button

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Job
    from cogs.render.panels import Panel

ME = job().user_id
MARK = "01KB0000000000000000000000"
OURS = Media(path=Path("thumbnail.jpg"), media_type="image/jpeg", size=1)
LINK = "https://cdn.discordapp.com/attachments/1/2/fox.png?ex=1"
EVERY_FILTER = Wanted(
    kind=Kind.ZOOM,
    model="niji 6",
    favorites=True,
    here=True,
    failures=False,
    since=FIRST_DAY,
    until=LAST_DAY,
    words="狐" * 40,
)


def shelf(*jobs: Job, wanted: Wanted | None = None, **changes: Any) -> Shelf:  # noqa: ANN401 - any field
    """Return the newest page with these jobs, without pictures."""
    return replace(
        Shelf(
            person=ME,
            place=Place(wanted=wanted or Wanted()),
            page=HistoryPage(jobs=jobs),
            pictures=[None] * len(jobs),
        ),
        **changes,
    )


def turned(*jobs: Job, **changes: Any) -> Shelf:  # noqa: ANN401 - any field
    """Return a page with these fields of `HistoryPage`."""
    return shelf(*jobs, page=replace(HistoryPage(jobs=jobs), **changes))


def buttons(panel: Panel) -> list[Button]:
    """Return the buttons below the jobs."""
    return [button for part in panel.parts if isinstance(part, tuple) for button in part]


def faces(panel: Panel) -> dict[str, bool]:
    """Return what the buttons below the jobs say, and whether they can be pressed."""
    return {button.label: not button.disabled for button in buttons(panel)}


def read(panel: Panel) -> str:
    """Return all that can be read."""
    return "\n".join(part.content for part in panel.parts if isinstance(part, Text | Section))


def entry(one: Job, **changes: Any) -> str:  # noqa: ANN401 - any field
    """Return what is said of the only job on a page."""
    (section,) = [part for part in render_history(shelf(one, **changes)).parts if isinstance(part, Section)]
    return section.content


def check(panel: Panel) -> None:
    """Check what Discord checks besides the limits that a panel checks itself."""
    openers = [part.beside for part in panel.parts if isinstance(part, Section)]
    pressed = [button for button in [*openers, *buttons(panel)] if isinstance(button, Button)]
    assert len({button.custom_id for button in pressed}) == len(pressed)
    for button in pressed:
        check_button(button)
        assert size(button.custom_id) <= LONGEST
    assert all(HISTORY_BUTTON.fullmatch(button.custom_id) for button in openers if isinstance(button, Button))
    assert all(len(part) <= 5 for part in panel.parts if isinstance(part, tuple))
    assert all(0 < size(picture.about) <= 1024 for picture in panel.pictures)
    assert read(panel).strip()


@given(JOBS, st.integers(0, PAGE), st.sampled_from([None, MARK]), st.sampled_from([Wanted(), EVERY_FILTER]))
def test_a_page_keeps_within_the_limits_of_a_panel(one: Job, count: int, mark: str | None, wanted: Wanted) -> None:
    jobs = tuple(replace(one, id=f"01KB{number:022d}") for number in range(count))
    drawn = Shelf(
        person=ME if mark else 1,
        place=Place(wanted=wanted, before=MARK),
        page=HistoryPage(jobs=jobs, newer=mark, older=mark),
        pictures=[OURS, LINK, None, OURS, LINK, None][:count],
        favorites=frozenset(each.id for each in jobs),
    )
    check(render_history(drawn))
    check(render_history(replace(drawn, is_shared=True)))


@pytest.mark.parametrize("text", ["雪" * 3000, "👩‍🎨" * 800, "*_`|<@1>" * 400, "a" * 3000])
def test_the_longest_page_there_is_fits_in_a_language_of_longer_words(text: str) -> None:
    far = delivery(message_id=2**63, channel_id=2**63)
    jobs = [
        job(
            id=f"01KB{number:022d}",
            prompt=text,
            parent_id=PARENT_ID,
            action_label=text,
            status=Status.UNKNOWN,
            guild_id=2**63,
            user_id=2**63,
            delivery=far,
        )
        for number in range(PAGE)
    ]
    page = HistoryPage(jobs=tuple(jobs), newer=MARK, older=MARK, searched_to=START)
    with pseudo(stretch=2.0):
        check(render_history(shelf(*jobs, page=page, wanted=EVERY_FILTER, pictures=[OURS] * PAGE)))


def test_every_filter_is_told_in_words() -> None:
    assert wanted_in_words(Wanted(favorites=True)) == ""
    assert wanted_in_words(replace(EVERY_FILTER, words="red_fox")) == (
        "Zoom out · Niji 6 · “red\\_fox” · this server · from <t:1420113600:d> · until <t:4102401600:d> · "
        "without failures"
    )
    assert wanted_in_words(Wanted(model="")) == "The API's default"


def test_a_day_is_the_same_day_on_nearly_everybodys_clock() -> None:
    words = wanted_in_words(Wanted(since=date(2026, 1, 31)))
    shown = datetime.fromtimestamp(int(words.split(":")[1]), UTC)
    assert {(shown + timedelta(hours=hours)).date() for hours in range(-12, 12)} == {date(2026, 1, 31)}


@pytest.mark.parametrize(
    ("model", "name"), [("v 8.1", "Midjourney 8.1"), ("niji 7", "Niji 7"), ("v 5.2", "Midjourney 5.2")]
)
def test_models_have_the_names_that_people_know(model: str, name: str) -> None:
    assert model_name(model) == name


def test_an_entry_tells_prompt_kind_age_and_where() -> None:
    done = job(status=Status.SUCCEEDED, delivery=delivery(message_id=9, channel_id=7))
    assert entry(done) == (
        "**a fox in the snow --ar 3:2**\nImagine · <t:1793534400:R> · [message](<https://discord.com/channels/@me/7/9>)"
    )
    assert "❌ failed" in entry(replace(done, status=Status.FAILED))
    assert "⏳ waiting" in entry(replace(done, status=Status.QUEUED))
    assert "⭐ favorite" in entry(done, favorites={done.id})
    assert "⭐" not in entry(done, favorites={done.id}, wanted=Wanted(favorites=True))
    assert f"<@{ME}>" not in entry(done)
    assert f"<@{ME}>" in entry(done, person=1)


def test_a_private_job_says_so_and_has_no_link_that_nobody_could_follow() -> None:
    private = job(is_private=True, delivery=delivery(message_id=9))
    assert "🔒 only for you" in entry(private)
    assert "message" not in entry(private)


def test_what_is_shared_has_no_link_into_a_conversation_that_others_are_not_in() -> None:
    direct = job(guild_id=None, delivery=delivery(message_id=9))
    assert "[message](" in entry(direct)
    assert "message" not in entry(direct, is_shared=True)
    there = job(guild_id=5, delivery=delivery(message_id=9))
    assert "[message](" in entry(there, is_shared=True, guild_id=5)
    assert "message" not in entry(there, is_shared=True, guild_id=6)


def test_pictures_are_numbered_as_the_entries_are_and_say_what_they_show() -> None:
    jobs = [job(id=f"01KB{number:022d}", prompt=f"fox {number}") for number in range(3)]
    panel = render_history(shelf(*jobs, pictures=[OURS, None, LINK]))
    (gallery,) = [part for part in panel.parts if isinstance(part, Gallery)]
    assert gallery.pictures == (
        Picture(source=OURS.path, name="history-1.jpg", about="1. Imagine: fox 0"),
        Picture(source=LINK, name="", about="2. Imagine: fox 2"),
    )
    begins = [part.content.partition("\n")[0] for part in panel.parts if isinstance(part, Section)]
    assert begins == ["**1.** **fox 0**", "**fox 1**", "**2.** **fox 2**"]


def test_a_page_without_any_picture_has_no_gallery() -> None:
    assert not any(isinstance(part, Gallery) for part in render_history(shelf(job())).parts)


def test_an_empty_history_says_how_to_begin_and_offers_nothing_to_press() -> None:
    panel = render_history(shelf())
    assert "Type `/imagine`" in read(panel)
    assert faces(panel) == {}


def test_no_favorites_say_how_to_get_some() -> None:
    panel = render_history(shelf(wanted=Wanted(favorites=True)))
    assert read(panel).startswith("### Your favorites\nYou have no favorites yet.")
    assert list(faces(panel)) == ["Filter", "Search"]


def test_nothing_found_says_so_and_offers_everything() -> None:
    panel = render_history(shelf(wanted=Wanted(favorites=True, words="fox")))
    assert read(panel) == "### Your favorites\n“fox”\nNothing of yours is like that."
    assert faces(panel) == {"Filter": True, "Search": True, "Show all": True}
    match = TURN_BUTTON.fullmatch(buttons(panel)[2].custom_id)
    assert match is not None
    assert place_of(match) == Place(wanted=Wanted(favorites=True))


def test_a_page_that_was_emptied_leads_back() -> None:
    panel = render_history(turned(newer=MARK))
    assert "nothing on this page any more" in read(panel)
    assert faces(panel) == {"Newest": True, "Newer": True, "Older": False, "Filter": True, "Search": True}


def test_buttons_keep_their_places_and_only_those_that_lead_somewhere_can_be_pressed() -> None:
    rest = {"Filter": True, "Search": True, "Share": True}
    assert faces(render_history(turned(job()))) == rest
    assert faces(render_history(turned(job(), older=MARK))) == {"Newest": False, "Newer": False, "Older": True, **rest}
    assert faces(render_history(turned(job(), newer=MARK))) == {"Newest": True, "Newer": True, "Older": False, **rest}


def test_turns_lead_before_and_after_what_the_page_says() -> None:
    page = HistoryPage(jobs=(job(),), newer=PARENT_ID, older=MARK)
    panel = render_history(shelf(job(), page=page, wanted=EVERY_FILTER))
    led = [place_of(match) for button in buttons(panel) if (match := TURN_BUTTON.fullmatch(button.custom_id))]
    assert led == [
        Place(wanted=EVERY_FILTER),
        Place(wanted=EVERY_FILTER, after=PARENT_ID),
        Place(wanted=EVERY_FILTER, before=MARK),
        Place(wanted=Wanted(favorites=True)),
    ]


def test_a_search_that_was_stopped_says_how_far_it_got_and_goes_on() -> None:
    back = render_history(turned(job(), older=MARK, searched_to=START))
    assert "-# Searched back to <t:1793534400:d>." in read(back)
    assert faces(back)["Search further"]
    page = HistoryPage(jobs=(), newer=MARK, searched_to=START)
    up = render_history(shelf(page=page, place=Place(wanted=Wanted(words="fox"), after=MARK)))
    assert "Nothing found so far. Searched up to <t:1793534400:d>." in read(up)
    assert list(faces(up))[:3] == ["Newest", "Search further", "Older"]


def test_what_is_shared_has_nothing_to_press_but_the_jobs_and_what_removes_it() -> None:
    page = HistoryPage(jobs=(job(),), older=MARK)
    panel = render_history(shelf(job(), page=page, is_shared=True, wanted=Wanted(words="fox")))
    assert read(panel).startswith(f"### Made by <@{ME}>\n“fox”\n**a fox")
    assert faces(panel) == {"Remove": True}
    assert f"### Favorites of <@{ME}>" in read(render_history(shelf(is_shared=True, wanted=EVERY_FILTER)))


def test_there_is_nobody_to_share_with_in_a_direct_message() -> None:
    assert "Share" not in faces(render_history(shelf(job(), can_share=False)))


def pages() -> Iterator[Shelf]:
    """Yield pages on which all there is to be said is said."""
    for number, (status, kind) in enumerate(zip(Status, itertools.cycle(Kind), strict=False)):
        one = job(prompt="狐", status=status, kind=kind, is_private=bool(number % 2), delivery=delivery(message_id=9))
        narrowed = replace(EVERY_FILTER, favorites=False)
        yield shelf(one, favorites={one.id}, wanted=narrowed, person=1, pictures=[OURS])
        yield shelf(one, is_shared=True)
    for wanted in (Wanted(), Wanted(favorites=True), EVERY_FILTER, Wanted(model="")):
        yield shelf(wanted=wanted)
        yield shelf(wanted=wanted, is_shared=True)
    yield from (turned(newer=MARK), turned(job(prompt="狐"), newer=MARK, older=MARK, searched_to=START))


def test_nothing_on_it_is_left_in_english() -> None:
    with pseudo():
        for page in pages():
            panel = render_history(page)
            said = [read(panel), *faces(panel), *(picture.about for picture in panel.pictures)]
            assert [left for text in said for left in unsaid(text, "Niji")] == []


@given(JOBS)
def test_a_suggestion_is_short_enough_for_an_option(one: Job) -> None:
    assert 1 <= size(suggestion_name(one, START + timedelta(days=400))) <= 100


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=5, seconds=30), "5 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=12, hours=5), "12 d ago"),
        (timedelta(seconds=-3), "just now"),
    ],
)
def test_a_suggestion_tells_prompt_kind_and_age(later: timedelta, said: str) -> None:
    assert suggestion_name(job(), START + later) == f"a fox in the snow --ar 3:2 · Imagine · {said}"


def test_a_job_id_is_found_in_whatever_was_pasted() -> None:
    for pasted in (
        JOB_ID,
        JOB_ID.lower(),
        f" `{JOB_ID}` ",
        job_button(JOB_ID, 3),
        f"easel-{JOB_ID.lower()}.png",
        f"https://cdn.discordapp.com/attachments/1/2/easel-{JOB_ID.lower()}.png?ex=1&is=2",
    ):
        assert find_job_id(pasted) == JOB_ID
    assert find_job_id("a fox in the snow") is None
    assert find_job_id(f"{PARENT_ID}0") is None
