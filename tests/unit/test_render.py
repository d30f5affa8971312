"""What jobs look like: always within Discord's limits, always with a way on, never with somebody's markup in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Failure, Kind, Order, Route, Speed, Status, Waiting
from cogs.custom_ids import Verb, job_button
from cogs.render.controls import Button
from cogs.render.details import render_details
from cogs.render.failure import explain, reason, render_failure
from cogs.render.notice import already_there, ask_to_delete, cut_apart
from cogs.render.offers import offers_for
from cogs.render.origin import alt_text, deed, file_name, headline, job_link, origin, title
from cogs.render.progress import bar, render_progress, standing
from cogs.render.result import Result, render_job, render_result
from cogs.render.text import brief, size
from tests.unit.render_builders import ACTIONS, JOB_ID, JOBS, PARENT_ID, START, delivery, job
from tests.unit.render_limits import check_limits, custom_ids, labels

if TYPE_CHECKING:
    from bot.model import Action, Job

PARENT = job(id=PARENT_ID, delivery=delivery(channel_id=7, message_id=9))


@given(JOBS, ACTIONS, st.none() | JOBS, st.booleans())
def test_every_job_keeps_within_the_limits_of_discord(
    one: Job,
    actions: list[Action],
    parent: Job | None,
    emojis: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    result = Result(
        job=one, actions=actions, parent=parent, original_url=one.media_url, attached=emojis, shown_for=2**63
    )
    for rendered in (
        render_job(one, actions, parent, emojis=emojis),
        render_result(result, emojis=emojis),
        render_result(replace(result, is_copy=True), emojis=emojis),
        render_progress(one, parent, emojis=emojis),
        render_failure(one, parent, emojis=emojis),
        render_details(one, parent, children=[one] * 12, is_favorite=emojis),
        already_there(one),
        ask_to_delete(one),
        cut_apart(one),
    ):
        check_limits(rendered)
    assert 0 < size(alt_text(one)) <= 1024
    assert 0 < size(alt_text(one, 2)) <= 1024


@given(JOBS)
def test_cancel_is_offered_exactly_while_a_job_is_queued(one: Job) -> None:
    offered = job_button(one.id, Verb.CANCEL) in custom_ids(render_job(one))
    assert offered is (one.status is Status.QUEUED)


@given(JOBS)
def test_submit_again_is_offered_exactly_for_unknown_outcomes(one: Job) -> None:
    offered = job_button(one.id, Verb.AGAIN) in custom_ids(render_job(one))
    assert offered is (one.status is Status.UNKNOWN)


@given(JOBS)
def test_every_message_about_a_job_can_be_found_by_its_details_button(one: Job) -> None:
    assert job_button(one.id, Verb.DETAILS) in custom_ids(render_job(one))


@given(JOBS)
def test_chinese_words_of_the_api_are_never_shown(one: Job) -> None:
    failed = replace(
        one, failure_detail="实例不可用，请稍后" + one.failure_detail, prompt="x", action_label="", result_text=""
    )
    assert re.search("[\u4e00-\u9fff]", render_failure(failed).content) is None


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_has_a_sentence_with_a_next_step(failure: Failure) -> None:
    sentence = explain(job(status=Status.FAILED, failure=failure))
    assert sentence.endswith(".")
    assert re.search(r"[Tt]ry|Reword|Correct|/imagine", sentence)


@pytest.mark.parametrize(
    ("failure", "offered"),
    [
        (Failure.GENERATION, ["Re-run", "Edit & re-run", "Details"]),
        (Failure.BANNED, ["Edit & re-run", "Details"]),
        (Failure.INVALID, ["Edit & re-run", "Details"]),
        (Failure.ACTION_REFUSED, ["Re-run with the same prompt", "Details"]),
        (Failure.PARENT_GONE, ["Re-run with the same prompt", "Details"]),
        (Failure.INPUT_GONE, ["Details"]),
        (Failure.NOT_OFFERED, ["Details"]),
    ],
)
def test_a_failed_job_offers_what_can_help(failure: Failure, offered: list[str]) -> None:
    failed = job(status=Status.FAILED, failure=failure, order=Order(route=Route.ACTION))
    assert labels(render_job(failed).rows) == [offered]
    assert labels(render_job(replace(failed, prompt="")).rows) == [["Details"]]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("[Invalid parameter] Invalid value", "parameter of this prompt invalid"),
        ("Banned prompt detected, nope", "moderation refused this prompt"),
        ("可能包含敏感词", "moderation refused this prompt"),
        ("Request cancelled due to output filters", "moderation stopped the picture"),
        ("Image denied by AI moderator", "moderation stopped the picture"),
        ("Queue full", "queue was full"),
        ("Subscription paused", "no active subscription"),
        ("[Internal Server Error] x", "error of its own"),
        ("执行超时 5 分钟", "took too long"),
        ("上游任务超时（超过1小时）", "took too long"),
        ("未知错误", ""),
        ("", ""),
    ],
)
def test_known_reasons_are_put_into_plain_english(said: str, meant: str) -> None:
    assert meant in reason(said)
    assert bool(reason(said)) is bool(meant)


def test_an_unknown_english_reason_is_quoted_and_harmless() -> None:
    assert reason("Weird *thing* at https://e.vil/x").endswith(r"It said: “Weird \*thing\* at e.vil/x.”")


def test_a_banned_word_is_named() -> None:
    assert "“gore”" in explain(job(status=Status.FAILED, failure=Failure.BANNED, failure_detail="gore"))
    assert "“" not in explain(job(status=Status.FAILED, failure=Failure.BANNED, failure_detail=""))


@pytest.mark.parametrize("waiting", list(Waiting))
def test_a_waiting_job_says_why_and_until_when(waiting: Waiting) -> None:
    line = standing(job(waiting=waiting, give_up_at=START + timedelta(minutes=30)))
    assert "try" in line
    assert f"<t:{int(START.timestamp()) + 1800}:t>" in line


def test_progress_shows_bar_percent_preview_speed_and_age() -> None:
    rendered = render_progress(
        job(status=Status.RUNNING, progress=46, preview_url="https://cdn.example/p.webp?rand=1", speed=Speed.TURBO)
    )
    assert "▰▰▰▰▱▱▱▱▱▱ 46 %" in rendered.content
    assert "turbo" in rendered.content
    assert f"<t:{int(START.timestamp())}:R>" in rendered.content
    assert rendered.image_url == "https://cdn.example/p.webp?rand=1"


def test_a_preview_that_is_no_web_address_is_not_embedded() -> None:
    assert render_progress(job(status=Status.RUNNING, preview_url="file:///etc/passwd")).image_url is None


@given(st.integers(-10, 200))
def test_the_bar_always_has_ten_boxes_and_is_full_only_at_the_end(progress: int) -> None:
    assert len(bar(progress)) == 10
    assert ("▱" not in bar(progress)) is (progress >= 100)


def test_a_result_tells_prompt_person_speed_duration_and_origin() -> None:
    one = job(
        status=Status.SUCCEEDED,
        kind=Kind.VARIATION,
        quadrant=2,
        parent_id=PARENT_ID,
        action_index=6,
        action_label="V2",
        submitted_at=START,
        finished_at=START + timedelta(seconds=42),
    )
    assert render_result(Result(job=one, parent=PARENT, attached=True)).content == (
        "**a fox in the snow --ar 3:2**\n"
        "<@80351110224678912> · fast · 42 s\n"
        "-# Variation 2 of [this grid](<https://discord.com/channels/@me/7/9>)"
    )


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"kind": Kind.UPSCALE, "quadrant": 2, "action_label": "U2"}, "Upscale of picture 2"),
        ({"kind": Kind.UPSCALE, "action_label": "Upscale (Subtle)"}, "Upscale (Subtle)"),
        ({"kind": Kind.ZOOM, "action_label": "Zoom Out 2x"}, "Zoom Out 2x"),
        ({"kind": Kind.PAN, "action_label": "⬅️"}, "Pan left"),
        ({"kind": Kind.REROLL, "action_label": "🔄"}, "Another try"),
        ({"kind": Kind.DESCRIBE, "action_label": "🔄", "action_index": 4}, "Another try"),
        ({"kind": Kind.IMAGINE, "quadrant": 3, "action_label": "3️⃣"}, "Suggestion 3"),
        ({"kind": Kind.UPSCALE, "quadrant": 2, "action_label": "U2", "media_type": "video/mp4"}, "Upscale of video 2"),
        ({"kind": Kind.OTHER, "action_label": "[x](y) @everyone"}, r"\[x\](y) \@everyone"),
    ],
)
def test_children_say_what_was_done(changes: dict[str, object], name: str) -> None:
    assert deed(job(parent_id=PARENT_ID, **changes)) == name


def test_an_unreachable_parent_is_named_without_a_link() -> None:
    again = job(kind=Kind.REROLL, parent_id=PARENT_ID, action_index=4)
    assert origin(again, None) == "Another try of an earlier picture"
    second = job(kind=Kind.UPSCALE, parent_id=PARENT_ID, action_index=1, quadrant=2)
    assert origin(second, None) == "Upscale of picture 2 of an earlier grid"
    assert origin(replace(second, media_type="video/mp4"), None) == "Upscale of video 2 of earlier videos"


def test_the_long_link_of_an_upload_is_shown_by_its_end() -> None:
    link = (
        "https://cdn.discordapp.com/ephemeral-attachments/1043217765409632457/1574315041602142208/fox.png?ex=6b05&hm=cd"
    )
    one = job(prompt=f"{link}::2 a castle --sref {link} --v 7")
    assert headline(one, 300) == "**…/fox.png::2 a castle --sref …/fox.png --v 7**"
    assert title(one, 100) == "…/fox.png::2 a castle --sref …/fox.png --v 7"
    assert brief("see https://example.com/cat.png") == "see https://example.com/cat.png"


@pytest.mark.parametrize(
    ("parent", "label", "said"),
    [
        (PARENT, "Run again", "Run again, from [this picture](<https://discord.com/channels/@me/7/9>)"),
        (replace(PARENT, kind=Kind.DESCRIBE), "Suggestion 2", "Suggestion 2, from [this description](<"),
        (replace(PARENT, kind=Kind.SHORTEN), "Suggestion 1", "Suggestion 1, from [this prompt](<"),
        (replace(PARENT, kind=Kind.ANIMATE), "Edited", "Edited, from [this video](<"),
        (None, "Edited", "Edited, from an earlier picture"),
    ],
)
def test_what_came_from_no_button_began_at_its_parent(parent: Job | None, label: str, said: str) -> None:
    assert origin(job(parent_id=PARENT_ID, action_label=label), parent).startswith(said)


def test_a_late_success_says_sorry() -> None:
    late = job(
        status=Status.SUCCEEDED,
        submitted_at=START,
        finished_at=START + timedelta(minutes=80),
        give_up_at=START + timedelta(minutes=75),
    )
    assert "1 h 20 min, sorry for the long wait" in render_result(Result(job=late, attached=True)).content


def test_a_result_without_its_file_shows_the_link() -> None:
    one = job(status=Status.SUCCEEDED, media_url="https://cdn.example/a.png")
    assert "[open it here](https://cdn.example/a.png)" in render_job(one).content
    assert "/show" in render_job(replace(one, media_url=None)).content


def test_a_smaller_copy_links_its_original() -> None:
    one = job(status=Status.SUCCEEDED)
    result = Result(job=one, attached=True, original_url="https://cdn.example/a.png")
    assert "[the original](<https://cdn.example/a.png>)" in render_result(result).content


def test_file_names_lead_back_to_the_job() -> None:
    assert file_name(job(), "image/webp") == f"easel-{JOB_ID.lower()}.webp"
    assert file_name(job(), "video/mp4", 2) == f"easel-{JOB_ID.lower()}-2.mp4"


@pytest.mark.parametrize(
    ("kind", "images", "said"),
    [
        (Kind.BLEND, 3, "**Blend of 3 pictures**"),
        (Kind.DESCRIBE, 1, "**Description of a picture**"),
        (Kind.ANIMATE, 1, "**Video of a picture**"),
        (Kind.IMAGINE, 2, "**Imagine from 2 pictures**"),
        (Kind.UPSCALE, 0, "**Upscale**"),
    ],
)
def test_a_job_without_words_is_called_what_it_is(kind: Kind, images: int, said: str) -> None:
    one = job(kind=kind, prompt="", order=Order(images=("a.png",) * images))
    for rendered in (render_progress(one), render_failure(replace(one, status=Status.FAILED))):
        assert rendered.content.startswith(said)


def test_links_prefer_the_result_and_know_direct_messages() -> None:
    one = job(guild_id=4, channel_id=5)
    assert job_link(one) is None
    answered = replace(one, delivery=delivery(answer_message_id=6))
    assert job_link(answered) == "https://discord.com/channels/4/5/6"
    posted = replace(one, delivery=delivery(answer_message_id=6, channel_id=5, message_id=8))
    assert job_link(posted) == "https://discord.com/channels/4/5/8"
    sent_as_dm = replace(one, delivery=delivery(channel_id=77, message_id=8))
    assert job_link(sent_as_dm) == "https://discord.com/channels/@me/77/8"


def test_a_remix_that_midjourney_did_not_ask_about_says_so() -> None:
    one = job(status=Status.SUCCEEDED, order=Order(route=Route.ACTION, remix=True))
    assert "went on with the earlier one" in render_result(Result(job=one, attached=True)).content
    asked = replace(one, modal_sent_at=START)
    assert "went on with the earlier one" not in render_result(Result(job=asked, attached=True)).content


def test_videos_that_are_not_attached_are_linked() -> None:
    one = job(
        status=Status.SUCCEEDED,
        kind=Kind.ANIMATE,
        media_url="https://cdn.example/1.mp4",
        more_urls=("https://cdn.example/2.mp4", "https://cdn.example/3.mp4"),
    )
    links = (
        "All videos: [1](<https://cdn.example/1.mp4>) [2](<https://cdn.example/2.mp4>) [3](<https://cdn.example/3.mp4>)"
    )
    assert links in render_result(Result(job=one, attached=True, more=1)).content
    assert "All videos" not in render_result(Result(job=one, attached=True, more=2)).content
    assert "The video could not be attached" in render_job(one).content


def test_a_copy_tells_the_way_back() -> None:
    one = job(status=Status.SUCCEEDED, seed="636146138", delivery=delivery(channel_id=7, message_id=9))
    said = f"-# Job `{JOB_ID}` · seed 636146138 · [its message](<https://discord.com/channels/@me/7/9>)"
    assert said in render_result(Result(job=one, attached=True, is_copy=True)).content


def test_details_tell_parameters_seed_pictures_favorite_and_children() -> None:
    one = job(
        status=Status.SUCCEEDED,
        prompt="a fox --ar 3:2 --s 200 --raw",
        seed="636146138",
        order=Order(images=("a.png", "b.png")),
        batch_id=PARENT_ID,
    )
    child = job(
        kind=Kind.VARIATION,
        quadrant=2,
        parent_id=JOB_ID,
        action_index=6,
        delivery=delivery(channel_id=7, message_id=9),
    )
    lost = replace(child, quadrant=3, status=Status.FAILED, delivery=delivery())
    content = render_details(one, children=[child, lost], is_favorite=True).content
    for line in (
        "**Parameters:** aspect 3:2 · stylize 200 · raw",
        "**Seed:** 636146138",
        "**Pictures handed in:** 2",
        "**Batch:** one of several that were asked for at once",
        "**Favorite:** yes, one of yours",
        "**Made from it:** [Variation 2](<https://discord.com/channels/@me/7/9>), Variation 3 (failed)",
    ):
        assert line in content.splitlines()


def test_details_count_the_children_for_which_there_is_no_room() -> None:
    child = job(parent_id=JOB_ID, action_label="Run again", delivery=delivery(channel_id=7, message_id=9))
    content = render_details(job(), children=[child] * 14).content
    assert content.count("[Run again]") == 10
    assert content.endswith(", and 4 more")


def test_details_tell_no_task_id() -> None:
    one = job(status=Status.SUCCEEDED, task_id="1773314942177684", retry_of=PARENT_ID)
    content = render_details(one).content
    assert "1773314942177684" not in content
    assert f"`{JOB_ID}`" in content
    assert "$0.056" in content


def test_a_repeated_request_is_pointed_to_its_job() -> None:
    running = job(status=Status.RUNNING, delivery=delivery(answer_message_id=6), guild_id=4, channel_id=5)
    rendered = already_there(running)
    assert "on its way already" in rendered.content
    assert rendered.rows == ((Button(label="Show me", url="https://discord.com/channels/4/5/6"),),)


def test_a_request_whose_job_is_unknown_offers_to_submit_again() -> None:
    rendered = already_there(job(status=Status.UNKNOWN))
    assert custom_ids(rendered) == [job_button(JOB_ID, Verb.AGAIN)]
    assert "charged twice" in rendered.content


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({"kind": Kind.VARIATION, "modal_sent_at": START}, "about $0.056 to $0.112"),
        ({"kind": Kind.VARIATION}, "about $0.056"),
        ({"kind": Kind.ZOOM, "modal_sent_at": START}, "about $0.056"),
        ({"kind": Kind.REGION, "modal_sent_at": START}, "about $0.056"),
    ],
)
def test_details_name_what_both_steps_of_a_button_may_have_cost(changes: dict[str, object], cost: str) -> None:
    assert f"**Price:** {cost}\n" in render_details(job(parent_id=PARENT_ID, **changes)).content


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"order": Order(route=Route.IMAGINE)}, "The same once more, about $0.056"),
        ({"order": Order(route=Route.DESCRIBE, images=("a",)), "kind": Kind.DESCRIBE}, "The same once more, free"),
        ({"order": Order(route=Route.ACTION), "kind": Kind.UPSCALE}, "A new picture from its prompt, about $0.056"),
        ({"order": Order(route=Route.IMAGINE), "speed": Speed.RELAX}, "The same once more, its price is not known"),
    ],
)
def test_running_again_says_what_it_makes_and_costs(changes: dict[str, object], about: str) -> None:
    one = job(status=Status.SUCCEEDED, **changes)
    rerun = next(offer for offer in offers_for(one, ()).lines if offer.slot == Verb.RERUN)
    assert rerun.description == about
