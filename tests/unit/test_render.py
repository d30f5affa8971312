"""What jobs look like: always within Discord's limits, always with a way on, never with somebody's markup in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Failure, Kind, Speed, Status, Waiting
from cogs.custom_ids import JOB_BUTTON, JOB_SELECT, LONGEST, Verb, job_button
from cogs.render.controls import Button, Select, details_button, lay_out
from cogs.render.details import render_details
from cogs.render.failure import explain, reason, render_failure
from cogs.render.notice import already_there
from cogs.render.origin import alt_text, deed, file_name, job_link, origin
from cogs.render.progress import bar, render_progress, standing
from cogs.render.result import Result, render_job, render_result
from cogs.render.text import size
from tests.unit.render_builders import ACTIONS, JOB_ID, JOBS, PARENT_ID, START, action, delivery, grid, job

if TYPE_CHECKING:
    from bot.model import Action, Job
    from cogs.render.controls import Rendered

PARENT = job(id=PARENT_ID, delivery=delivery(channel_id=7, message_id=9))


def labels(rendered: Rendered) -> list[list[str]]:
    return [
        [row.placeholder] if isinstance(row, Select) else [button.label or button.emoji for button in row]
        for row in rendered.rows
    ]


def custom_ids(rendered: Rendered) -> list[str]:
    rows = [(row,) if isinstance(row, Select) else row for row in rendered.rows]
    return [item.custom_id for row in rows for item in row if item.custom_id]


def check_limits(rendered: Rendered) -> None:
    assert 0 < size(rendered.content) <= 2000
    assert len(rendered.rows) <= 5
    ids = custom_ids(rendered)
    assert len(ids) == len(set(ids))
    assert all(len(custom_id) <= LONGEST for custom_id in ids)
    for row in rendered.rows:
        if isinstance(row, Select):
            check_select(row)
        else:
            assert 1 <= len(row) <= 5
            for button in row:
                check_button(button)


def check_button(button: Button) -> None:
    assert size(button.label) <= 80
    assert button.label or button.emoji
    assert bool(button.custom_id) != bool(button.url)
    assert button.style in range(1, 5)
    assert len(button.url) <= 512


def check_select(select: Select) -> None:
    assert 1 <= len(select.options) <= 25
    assert size(select.placeholder) <= 150
    assert len({option.value for option in select.options}) == len(select.options)
    for option in select.options:
        assert 1 <= size(option.label) <= 100
        assert size(option.description) <= 100


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
        render_progress(one, parent, emojis=emojis),
        render_failure(one, parent, emojis=emojis),
        render_details(one, parent),
        already_there(one),
    ):
        check_limits(rendered)
    assert size(alt_text(one)) <= 1024


@given(ACTIONS)
def test_no_action_is_ever_lost(actions: list[Action]) -> None:
    rows = lay_out(JOB_ID, actions, [details_button(JOB_ID)])
    slots: set[str] = set()
    for row in rows:
        if isinstance(row, Select):
            assert JOB_SELECT.fullmatch(row.custom_id)
            slots |= {option.value for option in row.options}
        else:
            slots |= {found["slot"] for button in row if (found := JOB_BUTTON.fullmatch(button.custom_id))}
    assert slots == {str(one.index) for one in actions} | {"details"}


@given(ACTIONS)
def test_without_emojis_every_face_is_made_of_letters(actions: list[Action]) -> None:
    for row in lay_out(JOB_ID, actions, [details_button(JOB_ID)], emojis=False):
        items = row.options if isinstance(row, Select) else row
        assert all(item.label and not item.emoji for item in items)


def test_a_grid_looks_as_in_midjourney() -> None:
    rendered = render_result(Result(job=job(status=Status.SUCCEEDED), actions=grid(), attached=True))
    assert labels(rendered) == [["U1", "U2", "U3", "U4", "🔄"], ["V1", "V2", "V3", "V4", "Details"]]


def test_the_buttons_of_a_single_picture_keep_their_families_together() -> None:
    names = [
        *[("Upscale (Subtle)", Kind.UPSCALE), ("Upscale (Creative)", Kind.UPSCALE)],
        *[("Vary (Subtle)", Kind.VARIATION), ("Vary (Strong)", Kind.VARIATION), ("Vary (Region)", Kind.REGION)],
        *[("Zoom Out 2x", Kind.ZOOM), ("Zoom Out 1.5x", Kind.ZOOM), ("Custom Zoom", Kind.ZOOM)],
        *[(arrow, Kind.PAN) for arrow in ("⬅️", "➡️", "⬆️", "⬇️")],
        *[("Animate (High motion)", Kind.ANIMATE), ("Animate (Low motion)", Kind.ANIMATE), ("❤️", Kind.BOOKMARK)],
    ]
    actions = [
        action(n, "" if name[0] in "⬅➡⬆⬇❤" else name, name if name[0] in "⬅➡⬆⬇❤" else "", kind)
        for n, (name, kind) in enumerate(names)
    ]
    rendered = render_result(Result(job=job(status=Status.SUCCEEDED), actions=actions, attached=True))
    assert labels(rendered) == [
        ["Upscale (Subtle)", "Upscale (Creative)", "Vary (Subtle)", "Vary (Strong)", "Vary (Region)"],
        ["Zoom Out 2x", "Zoom Out 1.5x", "Custom Zoom"],
        ["⬅️", "➡️", "⬆️", "⬇️"],
        ["Animate (High motion)", "Animate (Low motion)", "❤️", "Details"],
    ]


def test_what_has_no_room_goes_into_a_select() -> None:
    rows = lay_out(JOB_ID, [action(n, f"Button {n}") for n in range(30)], [details_button(JOB_ID)])
    assert [1 if isinstance(row, Select) else len(row) for row in rows] == [5, 5, 5, 5, 1]
    assert isinstance(rows[-1], Select)
    assert [option.value for option in rows[-1].options] == [str(n) for n in range(19, 30)]


def test_an_arrow_becomes_words_where_emojis_are_refused() -> None:
    rows = lay_out(
        JOB_ID, [action(0, emoji="⬅️", kind=Kind.PAN), action(1, emoji="🔄", kind=Kind.REROLL)], [], emojis=False
    )
    assert rows == (
        (
            Button(custom_id=job_button(JOB_ID, 0), label="Pan left"),
            Button(custom_id=job_button(JOB_ID, 1), label="Again"),
        ),
    )


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
    assert reason("Weird *thing* at https://e.vil/x").endswith(r"It said: “Weird \*thing\* at e.vil/x”")


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
        action_label="V2",
        submitted_at=START,
        finished_at=START + timedelta(seconds=42),
    )
    assert render_result(Result(job=one, parent=PARENT, attached=True)).content == (
        "**a fox in the snow --ar 3:2**\n"
        "<@80351110224678912> · fast · 42 s\n"
        "-# Variation 2 of [this picture](<https://discord.com/channels/@me/7/9>)"
    )


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"kind": Kind.UPSCALE, "quadrant": 2, "action_label": "U2"}, "Upscale of picture 2"),
        ({"kind": Kind.UPSCALE, "action_label": "Upscale (Subtle)"}, "Upscale (Subtle)"),
        ({"kind": Kind.ZOOM, "action_label": "Zoom Out 2x"}, "Zoom Out 2x"),
        ({"kind": Kind.PAN, "action_label": "⬅️"}, "Pan left"),
        ({"kind": Kind.REROLL, "action_label": "🔄"}, "Another try"),
        ({"kind": Kind.OTHER, "action_label": "[x](y) @everyone"}, r"\[x\](y) \@everyone"),
    ],
)
def test_children_say_what_was_done(changes: dict[str, object], name: str) -> None:
    assert deed(job(parent_id=PARENT_ID, **changes)) == name


def test_an_unreachable_parent_is_named_without_a_link() -> None:
    assert origin(job(kind=Kind.REROLL, parent_id=PARENT_ID), None) == "Another try of an earlier picture"


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


def test_alt_text_tells_what_where_and_the_prompt() -> None:
    one = job(kind=Kind.UPSCALE, parent_id=PARENT_ID, action_label="U3", quadrant=3, final_prompt="a *fox*")
    assert alt_text(one) == "U3, picture 3 of the grid: a *fox*"


def test_file_names_lead_back_to_the_job() -> None:
    assert file_name(job(), "image/webp") == f"easel-{JOB_ID.lower()}.webp"


def test_links_prefer_the_result_and_know_direct_messages() -> None:
    one = job(guild_id=4, channel_id=5)
    assert job_link(one) is None
    answered = replace(one, delivery=delivery(answer_message_id=6))
    assert job_link(answered) == "https://discord.com/channels/4/5/6"
    posted = replace(one, delivery=delivery(answer_message_id=6, channel_id=5, message_id=8))
    assert job_link(posted) == "https://discord.com/channels/4/5/8"
    sent_as_dm = replace(one, delivery=delivery(channel_id=77, message_id=8))
    assert job_link(sent_as_dm) == "https://discord.com/channels/@me/77/8"


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
