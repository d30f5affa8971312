"""Whoever reads another language finds no word of English in what we show, except what comes from outside.

All of it is rendered in a language of wide letters (`tests.languages`); a narrow letter was not said. The jobs have
prompts and labels without Latin letters, so whatever has some is ours. A renderer belongs into `RENDERERS`.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from bot.jobs.asking.regions import Region
from bot.jobs.requests import Ask, Question
from bot.language import Language, Phrase, say, speaking
from bot.model import Batch, Failure, Kind, Order, Route, Speed, Status, Waiting
from cogs.render.batch import render_batch, render_proposal
from cogs.render.controls import Select, action_name, kind_name, speed_name
from cogs.render.details import render_details, status_name
from cogs.render.failure import explain, reason, render_failure
from cogs.render.forms import ABOUT, TITLE, give_back, render_edit, render_question, render_suggestion, with_price
from cogs.render.notice import already_there, ask_to_delete, cut_apart, deleted, liked, sent_directly
from cogs.render.origin import alt_text, deed, origin, title
from cogs.render.progress import render_progress
from cogs.render.region import describe_region, render_region, render_region_form
from cogs.render.result import Result, render_job, render_result
from cogs.render.text import age, flow, size, spell
from tests.languages import pseudo, unsaid, widened
from tests.unit.render_builders import PARENT_ID, START, action, delivery, grid, job
from tests.unit.render_limits import check_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.model import Job
    from cogs.render.controls import Rendered, Row
    from cogs.render.forms import Form

#: A grid's own labels, the cells of a region, the button that opens one: Midjourney's and ours, the same everywhere.
LABELS: Final = (*(f"{letter}{n}" for letter in "UVABCDE" for n in range(1, 6)), "Vary (Region)")
LINK: Final = "https://discord.com/channels/1/2/3"
PROMPT: Final = "雪の中の狐 --ar 3:2 --s 200 --sref 1"
POSTED: Final = delivery(channel_id=7, message_id=9)
#: What somebody made something of: reachable, out of reach, not known.
PARENTS: Final = (
    None,
    job(id=PARENT_ID, prompt=PROMPT),
    *(job(id=PARENT_ID, prompt=PROMPT, kind=kind, delivery=POSTED) for kind in Kind),
)
SUGGESTIONS: Final = "1️⃣ 赤い狐\n\n2️⃣ 橙色の犬"


def made(**changes: object) -> Job:
    """Return a job of whose own nothing is written in Latin letters."""
    return job(**{"prompt": PROMPT, "final_prompt": f"{PROMPT} --v 7", "action_label": "強く", **changes})


def every_kind(**changes: object) -> Iterator[Job]:
    """Yield jobs of each kind that came from a button, from nothing, and from what we call by a name of our own."""
    for kind in Kind:
        for quadrant, index in itertools.product((None, 2), (None, 3)):
            yield made(kind=kind, quadrant=quadrant, parent_id=PARENT_ID, action_index=index, **changes)
        yield made(kind=kind, prompt="", final_prompt="", action_label="", **changes)
        yield made(kind=kind, prompt="", final_prompt="", order=Order(images=("1", "2")), **changes)
    for label in ("Run again", "Edited", "Extend", "Animate", "Suggestion 3", "⬅️", "🔄"):
        yield made(parent_id=PARENT_ID, action_label=label, **changes)


def shown(rendered: Rendered) -> Iterator[str]:
    """Yield all that can be read of a message."""
    yield rendered.content
    yield from faces(rendered.rows)


def faces(rows: tuple[Row, ...]) -> Iterator[str]:
    for row in rows:
        if isinstance(row, Select):
            yield row.placeholder
            for option in row.options:
                yield from (option.label, option.description)
        else:
            yield from (button.label for button in row)


def progress() -> Iterator[Rendered]:
    for one in every_kind(status=Status.RUNNING, progress=40):
        yield render_progress(one, PARENTS[-1])
    for status, kind in itertools.product(Status, (Kind.IMAGINE, Kind.ANIMATE, Kind.DESCRIBE, Kind.SHORTEN)):
        yield render_progress(made(status=status, kind=kind))
    for waiting, speed in itertools.product(Waiting, Speed):
        yield render_progress(made(waiting=waiting, speed=speed, give_up_at=START))
    yield render_progress(made(status=Status.RUNNING, queue_ahead=3))


def results() -> Iterator[Rendered]:
    actions = (*grid(), action(9, emoji="⬅️", kind=Kind.PAN), action(10, "", "強", Kind.VARIATION, remixable=True))
    many = [action(number, "強") for number in range(60)]
    for one in every_kind(status=Status.SUCCEEDED, delivery=POSTED, seed="123"):
        yield render_result(Result(job=one, parent=PARENTS[-1], attached=True, shown_for=1, is_copy=True))
        yield render_job(one, actions)
        yield render_job(one, many, emojis=False)
        yield render_job(replace(one, media_url=LINK, more_urls=(LINK, LINK)), actions, emojis=False)
        yield render_job(replace(one, result_text=SUGGESTIONS, order=Order(remix=True)))
        late = replace(one, submitted_at=START, finished_at=START + timedelta(hours=2), give_up_at=START)
        yield render_result(Result(job=late, attached=True, original_url=LINK))
    asking = [action(number, kind=Kind.IMAGINE, quadrant=number or None, needs_input=True) for number in range(3)]
    yield render_job(made(status=Status.SUCCEEDED, kind=Kind.DESCRIBE), asking, emojis=False)


def failures() -> Iterator[Rendered]:
    said = ("", "实例不可用", "上游未知错误", "超时", "狐", "?!")
    for failure, words, task_id, index in itertools.product((None, *Failure), said, (None, "1"), (None, 2)):
        order = Order(route=Route.IMAGINE if index is None else Route.ACTION)
        failed = made(status=Status.FAILED, failure=failure, failure_detail=words, task_id=task_id, order=order)
        yield render_failure(failed)
        yield render_failure(replace(failed, prompt="", kind=Kind.BLEND, order=Order(images=("1", "2"))))
        yield render_failure(replace(failed, retry_of=PARENT_ID))
    for status, task_id in itertools.product((Status.CANCELLED, Status.EXPIRED, Status.UNKNOWN), (None, "1")):
        yield render_failure(made(status=status, task_id=task_id))


def details() -> Iterator[Rendered]:
    for one in every_kind(seed="1", batch_id=PARENT_ID, retry_of=PARENT_ID):
        yield render_details(one, PARENTS[-1], is_favorite=one.action_index is None)
    for parent in PARENTS:
        yield render_details(made(parent_id=PARENT_ID), parent)
    children = [replace(one, delivery=POSTED) for one in every_kind()]
    yield render_details(made(), children=children)
    for status, speed in itertools.product(Status, Speed):
        one = made(status=status, speed=speed, kind=Kind.VARIATION, modal_sent_at=START, parent_id=PARENT_ID)
        done = replace(one, submitted_at=START, finished_at=START + timedelta(seconds=5), order=Order(images=("1",)))
        yield render_details(done, children=[one] * 20)
    short = "ar v s c w q no iw sref sw sv cref cw oref ow p"
    yield render_details(made(prompt="狐" + "".join(f" --{name} 1" for name in short.split())))


def batches() -> Iterator[Rendered]:
    for speed, price, count in itertools.product(Speed, (None, Decimal("1.2")), (1, 2, 40)):
        yield render_proposal(PARENT_ID, ["狐"] * count, speed, price, skipped=count - 1)
    failed = [made(status=Status.FAILED, failure=failure) for failure in Failure]
    rest = [made(status=status, delivery=POSTED) for status in Status] + [made(status=Status.SUCCEEDED, prompt="")]
    rest = [replace(one, id=f"01KA{number:022}") for number, one in enumerate(rest)]
    for jobs in (failed, rest, [replace(one, deleted_at=START) for one in rest], []):
        yield render_batch(
            Batch(
                id=PARENT_ID,
                user_id=1,
                guild_id=None,
                channel_id=2,
                prompt="狐",
                locale="ja",
                attachment_size_limit=1,
                application_id=1,
                created_at=START,
                jobs=tuple(jobs),
            )
        )


def notices() -> Iterator[Rendered]:
    yield from (deleted(), liked(on=True), liked(on=False), sent_directly(LINK), cut_apart(made()))
    for status, place in itertools.product(Status, (POSTED, delivery())):
        yield already_there(made(status=status, delivery=place))
        yield from (ask_to_delete(one) for one in every_kind(status=status))
    yield from give_back("誤り", "狐" * 3000, PARENT_ID)
    yield from give_back("誤り", "狐" * 3000, None)


def regions() -> Iterator[Region]:
    for cells, has_mask, page in itertools.product((0, 1, 9, 20, 24, 25), (False, True), (None, LINK)):
        yield Region(
            draft_id=PARENT_ID,
            job=made(),
            action_index=1,
            cells=frozenset(range(cells)),
            has_mask=has_mask,
            preview=Path("preview.webp"),
            draw_url=page,
        )


def forms() -> Iterator[Form]:
    asks = {Ask.ZOOM: Kind.ZOOM, Ask.REMIX: Kind.VARIATION, Ask.ANIMATE: Kind.ANIMATE, Ask.SUGGESTION: Kind.IMAGINE}
    for (ask, kind), speed, label in itertools.product(asks.items(), Speed, ("強く", "", "強" * 80)):
        asked = action(1, label, kind=kind, quadrant=2, remixable=ask is Ask.REMIX)
        question = Question(ask=ask, job=made(), action=asked, prompt="狐", speed=speed)
        yield render_question(question)
        yield render_region_form(question)
        yield render_suggestion(2, "狐", speed)
        yield from (render_edit("狐", each, speed) for each in Kind)


def names() -> Iterator[str]:
    yield from map(kind_name, Kind)
    yield from map(status_name, Status)
    yield from map(speed_name, Speed)
    yield from (action_name("", emoji, Kind.PAN) for emoji in ("⬅️", "➡️", "⬆️", "⬇️", "🎉"))
    yield from (spell(timedelta(seconds=seconds)) for seconds in (3, 90, 4000))
    yield from (age(timedelta(minutes=minutes)) for minutes in (0, 1, 90, 9000))
    for one, parent in itertools.product(every_kind(), PARENTS):
        yield from (deed(one, parent), origin(one, parent), title(one, 100), alt_text(one), alt_text(one, 2))
        yield alt_text(replace(one, media_type="video/mp4", result_text="狐"))
    yield origin(made(retry_of=PARENT_ID), None)


MESSAGES: Final = (progress, results, failures, details, batches, notices)
RENDERERS: Final[tuple[Callable[[], Iterator[str]], ...]] = (
    *(lambda each=each: itertools.chain.from_iterable(map(shown, each())) for each in MESSAGES),
    lambda: itertools.chain.from_iterable(
        (*shown(render_region(region)), describe_region(region)) for region in regions()
    ),
    lambda: itertools.chain.from_iterable((form.title, form.label, form.about) for form in forms()),
    names,
)
IDS: Final = [*(each.__name__ for each in MESSAGES), "regions", "forms", "names"]


#: Twice as long as in English is longer than any language needs for most sentences, and what short ones may take.
TWICE: Final = 2.0


@pytest.mark.parametrize("texts", RENDERERS, ids=IDS)
def test_nothing_is_left_in_english(texts: Callable[[], Iterator[str]]) -> None:
    with pseudo():
        english = {text: left for text in texts() if (left := unsaid(text, *LABELS))}
    assert english == {}


@pytest.mark.parametrize("messages", MESSAGES)
def test_every_message_has_room_for_a_language_of_longer_words(messages: Callable[[], Iterator[Rendered]]) -> None:
    with pseudo(stretch=TWICE):
        for rendered in messages():
            check_limits(rendered)


def test_forms_have_room_for_it_too_and_always_name_their_price() -> None:
    with pseudo(stretch=TWICE):
        for form in forms():
            assert 0 < size(form.title) <= TITLE
            assert 0 < size(form.label) <= TITLE
            assert 0 < size(form.about) <= ABOUT
        assert "$0.06" in with_price(say("Starts a new job; the one you see stays."), Decimal("0.06"))
        for region in regions():
            check_limits(render_region(region))


def test_a_word_that_is_not_said_is_found() -> None:
    with pseudo():
        assert unsaid(say("at {speed} speed", speed=Speed.FAST), *LABELS) == ["fast"]
        assert unsaid(say("at {speed} speed", speed=speed_name(Speed.FAST)), *LABELS) == []


def test_sentences_that_follow_each_other_can_be_joined_as_a_language_does_and_are_still_known_in_english() -> None:
    with pseudo(Language.JAPANESE), speaking(Language.JAPANESE):
        both = flow(say("Deleted."), "", say("Nothing was sent."))
    assert both == f"⟦⟦{widened('Deleted.')}⟧ ⟦{widened('Nothing was sent.')}⟧⟧"
    assert isinstance(both, Phrase)
    assert both.english == "Deleted. Nothing was sent."
    assert flow("", "") == ""


CHINESE: Final = "上游返回了未知的错误（代码 17）"


@pytest.mark.parametrize("failure", [Failure.GENERATION, Failure.INVALID, Failure.ACTION_REFUSED, Failure.BANNED])
@pytest.mark.parametrize("language", list(Language))
def test_only_who_reads_chinese_sees_the_apis_chinese(failure: Failure, language: Language) -> None:
    failed = made(status=Status.FAILED, failure=failure, failure_detail=CHINESE)
    with speaking(language):
        assert (CHINESE in explain(failed)) is (language in {Language.CHINESE, Language.CHINESE_TRADITIONAL})
        assert "Слово" not in explain(replace(failed, failure_detail=f"{CHINESE} Слово"))


@pytest.mark.parametrize("language", list(Language))
def test_what_the_api_says_in_english_is_shown_to_everybody_as_its_own_words(language: Language) -> None:
    with pseudo(), speaking(language):
        assert unsaid(reason("Gateway tripped")) == ["Gateway", "tripped"]
        assert unsaid(reason("Queue full")) == []
        assert "“Gateway tripped.”" in reason("Gateway tripped")


@pytest.mark.parametrize(
    ("word", "named"), [("gore", True), ("血腥", True), ("敏感", False), ("Слово", False), ("", False)]
)
def test_a_banned_word_is_named_if_everybody_can_read_it_or_its_author_wrote_it(word: str, *, named: bool) -> None:
    banned = made(status=Status.FAILED, failure=Failure.BANNED, failure_detail=word, prompt="一幅血腥的画")
    assert (f"“{word}”" in explain(banned)) is named
