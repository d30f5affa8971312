"""Task objects into `Task`s: the rules of contract 12, the frozen rows, and two rows with one id."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Final

import pytest

from bot.cometapi.protocol import read_fetch, read_list
from bot.cometapi.tasks import merge, read_task
from bot.errors import CometAuth, CometBusy, CometError, CometInvalid, CometMisrouted, CometUncertain
from bot.model import Phase, Task
from tests.unit.comet_samples import answer

URL: Final = "https://cdn.example.com/a.png"
MP4: Final = "https://cdn.example.com/0_0.mp4"
PAGE: Final = "<html></html>"


def looked(**fields: object) -> Task:
    return read_task({"id": "17", **fields}, "17")


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("", Phase.QUEUED),
        (None, Phase.QUEUED),
        ("NOT_START", Phase.QUEUED),
        ("submitted", Phase.QUEUED),
        (" Modal ", Phase.NEEDS_INPUT),
        ("IN_PROGRESS", Phase.RUNNING),
        ("SUCCESS", Phase.SUCCEEDED),
        ("FAILURE", Phase.FAILED),
        ("CANCEL", Phase.FAILED),
        ("DREAMING", Phase.RUNNING),
        (7, Phase.RUNNING),
    ],
)
def test_status_words_are_folded_and_an_unknown_one_means_running(status: object, phase: Phase) -> None:
    assert looked(status=status).phase is phase


@pytest.mark.parametrize(
    ("progress", "percent"),
    [
        ("46%", 46),
        (" 46 % ", 46),
        ("46", 46),
        (46, 46),
        (46.4, 46),
        ("46.5%", 46),
        ("0%", 0),
        ("999%", 100),
        (-1, None),
        (None, None),
        ("", None),
        ("Waiting to start", None),
        ("Paused", None),
        ("-5%", None),
        (True, None),
        (float("inf"), None),
        (float("nan"), None),
        (["46%"], None),
    ],
)
def test_progress_is_a_percentage_or_nothing(progress: object, percent: int | None) -> None:
    assert looked(status="IN_PROGRESS", progress=progress).progress == percent


def test_the_end_decides_what_progress_means() -> None:
    assert looked(status="SUCCESS", progress="").progress == 100
    assert looked(status="FAILURE", progress="100%").progress is None


@pytest.mark.parametrize("status", ["", "SUBMITTED", "IN_PROGRESS", "MODAL", "DREAMING"])
def test_a_row_frozen_with_a_reason_has_failed(status: str) -> None:
    frozen = looked(status=status, progress="100%", failReason="Blocked")
    assert (frozen.phase, frozen.fail_reason) == (Phase.FAILED, "Blocked")


def test_a_reason_alone_or_a_hundred_percent_alone_ends_nothing() -> None:
    assert looked(status="IN_PROGRESS", progress="62%", failReason="Blocked").phase is Phase.RUNNING
    assert looked(status="IN_PROGRESS", progress="100%", failReason="").phase is Phase.RUNNING
    assert looked(status="SUCCESS", progress="100%", failReason="late", imageUrl=URL).phase is Phase.SUCCEEDED


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("可能包含敏感词", "the prompt may contain sensitive words"),
        ("执行超时 5 分钟", "the task took too long"),
        ("超时，未找到消息", "Midjourney's answer was lost"),
        ("任务失败，请重试", "the task failed; try again"),
        ("Invalid\r\nlink\x00, sk-abcdefghijkl", "Invalid link, sk-…"),
        (None, ""),
    ],
)
def test_a_reason_is_made_fit_to_show(reason: object, told: str) -> None:
    assert looked(status="FAILURE", failReason=reason).fail_reason == told


def test_success_without_any_picture_stays_a_success() -> None:
    done = looked(status="SUCCESS", progress="100%", imageUrl="")
    assert (done.phase, done.picture_url, done.video_urls, done.text) == (Phase.SUCCEEDED, None, (), "")


def test_an_image_is_final_only_at_success() -> None:
    assert looked(status="IN_PROGRESS", imageUrl=URL).picture_url is None
    assert looked(status="IN_PROGRESS", imageUrl=URL).preview_url == URL
    assert looked(status="SUCCESS", imageUrl=URL).picture_url == URL
    assert looked(status="SUCCESS", imageUrl=URL).preview_url is None
    assert looked(status="FAILURE", imageUrl=URL).picture_url is None


@pytest.mark.parametrize(
    "link", ["ftp://x/a.png", "javascript:alert(1)", "//x/a.png", "a b", "https://x/a\nb", "https://" + "x" * 5000, 7]
)
def test_what_is_no_web_address_is_not_taken_for_one(link: object) -> None:
    assert looked(status="SUCCESS", imageUrl=link).picture_url is None


@pytest.mark.parametrize(
    ("fields", "urls"),
    [
        ({"videoUrl": MP4}, (MP4,)),
        ({"videoUrl": MP4, "videoUrls": [{"url": MP4}, {"url": f"{MP4}?2", "thumbnail": URL}]}, (MP4, f"{MP4}?2")),
        ({"videoUrl": f"{MP4}?sig=1", "imageUrl": MP4, "videoUrls": [MP4, f"{MP4}?2", MP4]}, (MP4, f"{MP4}?2")),
        ({"videoUrls": [f"{MP4}?{n}" for n in range(4)]}, tuple(f"{MP4}?{n}" for n in range(4))),
        ({"videoUrl": MP4, "videoUrls": [f"{MP4}?sig=1"], "imageUrl": f"{MP4}?sig=2"}, (MP4,)),
        ({"videoUrls": [MP4]}, (MP4,)),
        ({"videoUrls": f'[{{"url": "{MP4}"}}]'}, (MP4,)),
        ({"videoUrls": MP4}, (MP4,)),
        ({"videoUrls": "[[["}, ()),
        ({"imageUrl": f"{MP4}?sig=1"}, (f"{MP4}?sig=1",)),
        ({"imageUrl": URL, "videoUrl": MP4}, (MP4,)),
        ({"videoUrl": 7, "videoUrls": {"url": MP4}}, ()),
    ],
)
def test_each_video_has_one_address(fields: dict[str, object], urls: tuple[str, ...]) -> None:
    assert looked(status="SUCCESS", **fields).video_urls == urls


def test_a_single_picture_replaces_a_missing_one_and_one_of_four_does_not() -> None:
    assert looked(status="SUCCESS", imageUrl="", image_urls=[URL]).picture_url == URL
    assert looked(status="SUCCESS", imageUrls=[{"url": URL}]).picture_url == URL
    assert looked(status="SUCCESS", image_urls=[URL, f"{URL}?2"]).picture_url is None


def test_suggestions_are_found_wherever_they_are_sent() -> None:
    reader = [{"customId": "MJ::Job::PicReader::1", "emoji": "1️⃣"}]
    assert looked(status="SUCCESS", action="DESCRIBE", promptEn="a cat").text == "a cat"
    assert looked(status="SUCCESS", action="ACTION", promptEn="a cat", buttons=reader).text == "a cat"
    assert looked(status="SUCCESS", action="SHORTEN", properties={"finalPrompt": "cat"}).text == "cat"
    shortened = "## Shortened prompts\n1. cat"
    assert looked(status="SUCCESS", action="SHORTEN", description=shortened).text == shortened
    assert looked(status="SUCCESS", action="SHORTEN", description="提交成功").text == ""
    assert looked(status="SUCCESS", action="IMAGINE", promptEn="a cat").text == ""
    assert looked(status="IN_PROGRESS", action="DESCRIBE", promptEn="a cat").text == ""


@pytest.mark.parametrize("unset", [0, None, "", "soon", -5, 10**30, [1], False])
def test_a_time_that_is_not_set_is_none(unset: object) -> None:
    assert looked(submitTime=unset).submitted_at is None


@pytest.mark.parametrize("stamp", [1773314942177, "1773314942177", 1773314942177.0])
def test_a_time_is_milliseconds(stamp: object) -> None:
    assert looked(finishTime=stamp).finished_at == datetime(2026, 3, 12, 11, 29, 2, 177000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "seed"),
    [
        ("636646138", "636646138"),
        (636646138, "636646138"),
        (0, ""),
        ("0", ""),
        ("", ""),
        (None, ""),
        (-5, ""),
        (True, ""),
        (1.5, ""),
        ("12a", ""),
        ("٣", ""),
        ("9" * 21, ""),
        (["7"], ""),
    ],
)
def test_a_seed_is_digits_or_nothing(given: object, seed: str) -> None:
    assert looked(status="SUCCESS", seed=given).seed == seed


def test_text_that_no_database_takes_is_cleaned() -> None:
    cleaned = looked(prompt="a\ud800b\x00c\nd", state="x" * 999)
    assert cleaned.prompt == "a?bc\nd"
    assert len(cleaned.echo) == 255


@pytest.mark.parametrize("other", [1773314942177684, 1773314942177700, None, ""])
def test_an_id_that_was_made_a_number_on_the_way_is_that_of_the_question(other: object) -> None:
    found = read_task({"id": other, "status": "SUCCESS"}, "1773314942177684")
    assert found.task_id == "1773314942177684"


@pytest.mark.parametrize("payload", [[], "text", 7, True, {}, {"name": "x"}, {"id": "18", "status": "SUCCESS"}])
def test_what_is_not_this_task_is_not_taken_for_it(payload: object) -> None:
    with pytest.raises(CometUncertain):
        read_fetch(answer(200, payload if payload != {} else {"x": 1}), "17")


def test_an_object_that_says_nothing_of_a_task_is_no_task() -> None:
    with pytest.raises(CometUncertain):
        read_task({"x": 1}, "17")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "null"),
        (200, ""),
        (204, ""),
        (200, "{}"),
        (200, {"code": 3, "description": "关联任务不存在或已失效"}),
        (400, {"description": "task_no_found ", "type": "upstream_error", "code": 4}),
        (404, {"code": 3, "description": "关联任务不存在或已失效"}),
        (404, {"error": {"message": "no such task"}}),
    ],
)
def test_every_way_of_not_knowing_a_task_is_none(status: int, body: object) -> None:
    assert read_fetch(answer(status, body), "17") is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": {"message": "invalid token"}}, CometAuth),
        (429, "", CometBusy),
        (301, "", CometMisrouted),
        (404, PAGE, CometMisrouted),
        (404, "404 page not found", CometMisrouted),
        (400, {"description": "do_request_failed", "code": 4}, CometInvalid),
        (503, PAGE, CometUncertain),
        (200, PAGE, CometUncertain),
        (200, {"error": {"message": "oops"}}, CometUncertain),
        (200, '[{"id": "17"', CometUncertain),
    ],
)
def test_a_look_that_fails_says_how(status: int, body: object, error: type[CometError]) -> None:
    for read in (lambda: read_fetch(answer(status, body), "17"), lambda: read_list(answer(status, body), ["17"])):
        with pytest.raises(CometError) as caught:
            read()
        assert type(caught.value) is error


def test_a_list_is_matched_by_id_and_strangers_are_left_out() -> None:
    rows = [{"id": "19"}, 7, None, {"id": 18, "status": "SUCCESS"}, {"status": "SUCCESS"}, {"id": "17", "status": ""}]
    found = read_list(answer(200, rows), ["17", "18", "20"])
    assert {task_id: task.phase for task_id, task in found.items()} == {"18": Phase.SUCCEEDED, "17": Phase.QUEUED}
    assert all(task.task_id == task_id for task_id, task in found.items())


@pytest.mark.parametrize("body", ["null", "[]"])
def test_an_empty_list_may_be_null(body: str) -> None:
    assert read_list(answer(200, body), ["17"]) == {}


@pytest.mark.parametrize("body", ["{}", '{"17": {}}', '"x"', "7", "", '{"code": 4, "description": "参数错误"}'])
def test_what_is_no_list_is_an_error(body: str) -> None:
    with pytest.raises(CometError):
        read_list(answer(200, body), ["17"])


SUCCESS = Task(task_id="17", phase=Phase.SUCCEEDED, progress=100)
FAILURE = Task(task_id="17", phase=Phase.FAILED)
LATE = Task(task_id="17", phase=Phase.RUNNING, progress=62)
EARLY = Task(task_id="17", phase=Phase.RUNNING, progress=31)
QUEUED = Task(task_id="17", phase=Phase.QUEUED)
MODAL = Task(task_id="17", phase=Phase.NEEDS_INPUT)


@pytest.mark.parametrize(
    ("modal_sent", "order"),
    [
        (True, [MODAL, QUEUED, EARLY, LATE, FAILURE, SUCCESS]),
        (False, [QUEUED, EARLY, LATE, MODAL, FAILURE, SUCCESS]),
    ],
)
def test_of_any_two_rows_the_more_advanced_wins_in_either_order(modal_sent: bool, order: list[Task]) -> None:  # noqa: FBT001 - a column of the table
    for older, newer in permutations(order, 2):
        expected = max(older, newer, key=order.index)
        assert merge([older, newer], modal_sent=modal_sent) is expected


def test_a_lone_modal_row_stays_one() -> None:
    found = read_list(answer(200, [{"id": "17", "status": "MODAL", "progress": ""}]), ["17"])
    assert found["17"].phase is Phase.NEEDS_INPUT


def test_merging_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="empty"):
        merge([], modal_sent=True)
