"""Every example payload of the contract's section 10, read by the real protocol code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import (
    CometAuth,
    CometBanned,
    CometBusy,
    CometInvalid,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometUncertain,
)
from bot.model import Accepted, Kind, Phase
from tests.unit.comet_samples import NAMES, outcome, task

if TYPE_CHECKING:
    from bot.errors import (
        CometError,
    )

PROMPT: Final = "a paper boat floating on calm water at sunrise --v 6.1"
REQUEST_ID: Final = "20261122101500123456789abcdef"

ACCEPTED: Final = {
    "01-imagine-accepted": Accepted(task_id="1773314942177684"),
    "02a-queued": Accepted(task_id="0741798445574458", queue_ahead=1),
    "02b-queued-through-the-gateway": Accepted(task_id="0741798445574458", queue_ahead=1),
    "08a-window-needed": Accepted(task_id="1773315100000123", needs_input=True, final_prompt=PROMPT),
    "08b-window-needed-through-the-gateway": Accepted(
        task_id="1773315100000123", needs_input=True, final_prompt=PROMPT
    ),
    "08d-modal-accepted": Accepted(task_id="1773315100000123"),
}

REFUSED: Final[dict[str, type[CometError]]] = {
    "03a-banned": CometBanned,
    "03b-queue-full": CometQueueFull,
    "03c-queue-rejected": CometQueueFull,
    "11a-bad-key": CometAuth,
    "11c-no-balance": CometQuota,
    "11d-too-many": CometBusy,
    "11e-invalid-request": CometInvalid,
    "11f-proxy-timeout": CometUncertain,
    "11g-null": CometUncertain,
    "11h-empty": CometUncertain,
    "11i-parent-unknown": CometNotReady,
}

PHASES: Final = {
    "04-first-fetch": (Phase.QUEUED, 0),
    "05-running": (Phase.RUNNING, 46),
    "06-grid-done": (Phase.SUCCEEDED, 100),
    "07-upscaled": (Phase.SUCCEEDED, 100),
    "08c-window-open": (Phase.NEEDS_INPUT, None),
    "09a-failed": (Phase.FAILED, None),
    "09b-failed-at-the-ancestor": (Phase.FAILED, None),
    "09c-timed-out": (Phase.FAILED, None),
    "10a-described": (Phase.SUCCEEDED, 100),
    "10b-described-official": (Phase.SUCCEEDED, 100),
    "10c-video-done": (Phase.SUCCEEDED, 100),
    "12-plus-type-running": (Phase.RUNNING, 49),
    "13-hook-body": (Phase.SUCCEEDED, 100),
    "14b-frozen-row": (Phase.RUNNING, 100),
}

OTHERS: Final = {"11b-unknown-task", "14a-two-rows"}


def test_every_recorded_answer_is_expected_to_be_something() -> None:
    assert set(NAMES) == ACCEPTED.keys() | REFUSED.keys() | PHASES.keys() | OTHERS


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepting_answer_gives_the_task(name: str) -> None:
    assert outcome(name) == ACCEPTED[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusing_answer_gives_its_error(name: str) -> None:
    assert type(outcome(name)) is REFUSED[name]


@pytest.mark.parametrize("name", PHASES)
def test_a_task_is_in_the_phase_and_progress_that_it_reports(name: str) -> None:
    looked = task(name)
    assert (looked.phase, looked.progress) == PHASES[name]


def test_the_banned_word_is_passed_on() -> None:
    banned = outcome("03a-banned")
    assert isinstance(banned, CometBanned)
    assert (banned.word, banned.detail) == ("nude", "the prompt may contain sensitive words")


def test_a_request_id_in_the_message_is_kept() -> None:
    refused = outcome("11a-bad-key")
    assert isinstance(refused, CometAuth)
    assert refused.request_id == REQUEST_ID


def test_the_wait_that_a_429_asks_for_is_passed_on() -> None:
    busy = outcome("11d-too-many")
    assert isinstance(busy, CometBusy)
    assert busy.retry_after == timedelta(seconds=7)


def test_a_task_that_the_gateway_does_not_know_is_none() -> None:
    assert outcome("11b-unknown-task") is None


def test_the_first_look_has_no_times_but_that_of_the_submit() -> None:
    looked = task("04-first-fetch")
    assert looked.submitted_at == datetime(2026, 3, 12, 11, 29, 2, 177000, tzinfo=UTC)
    assert (looked.started_at, looked.finished_at) == (None, None)
    assert (looked.picture_url, looked.preview_url, looked.actions) == (None, None, ())


def test_a_running_task_has_a_preview_and_no_picture() -> None:
    looked = task("05-running")
    assert looked.preview_url == "https://api.cometapi.com/mj/image/1773314942177684?rand=1773314970000000000"
    assert looked.picture_url is None


def test_a_grid_has_its_picture_and_nine_buttons_in_the_order_to_draw() -> None:
    looked = task("06-grid-done")
    assert looked.picture_url == "https://api.cometapi.com/mj/image/1773314942177684"
    assert looked.preview_url is None
    assert looked.final_prompt == f"{PROMPT} --ar 1:1"
    faces = [action.label or action.emoji for action in looked.actions]
    assert faces == ["U1", "U2", "U3", "U4", "🔄", "V1", "V2", "V3", "V4"]
    assert [action.index for action in looked.actions] == list(range(9))
    assert looked.actions[0].style == 1
    assert looked.text == ""


def test_an_upscaled_picture_has_every_button_but_the_link() -> None:
    looked = task("07-upscaled")
    faces = [(action.kind, action.label or action.emoji) for action in looked.actions]
    assert faces == [
        (Kind.UPSCALE, "Upscale (Subtle)"),
        (Kind.UPSCALE, "Upscale (Creative)"),
        (Kind.VARIATION, "Vary (Subtle)"),
        (Kind.VARIATION, "Vary (Strong)"),
        (Kind.REGION, "Vary (Region)"),
        (Kind.ZOOM, "Zoom Out 2x"),
        (Kind.ZOOM, "Zoom Out 1.5x"),
        (Kind.ZOOM, "Custom Zoom"),
        (Kind.ZOOM, "Make Square"),
        (Kind.PAN, "⬅️"),
        (Kind.PAN, "➡️"),
        (Kind.PAN, "⬆️"),
        (Kind.PAN, "⬇️"),
        (Kind.ANIMATE, "Animate (High motion)"),
        (Kind.ANIMATE, "Animate (Low motion)"),
        (Kind.BOOKMARK, "❤️"),
    ]
    assert [action.label for action in looked.actions if action.needs_input] == ["Vary (Region)", "Custom Zoom"]
    assert [action.emoji for action in looked.actions[:2]] == ["", ""]  # `upscale_1` is no emoji


def test_a_failure_gives_its_reason_and_translates_what_is_known() -> None:
    assert task("09a-failed").fail_reason.startswith("Banned prompt detected")
    assert task("09b-failed-at-the-ancestor").fail_reason.startswith("Banned prompt detected")
    assert task("09c-timed-out").fail_reason == "the task took more than an hour and was given up"


def test_a_description_is_handed_over_as_sent() -> None:
    assert task("10a-described").text.splitlines()[0] == "1️⃣ Cat --ar 5:4"
    assert task("10b-described-official").text == "Cat --ar 5:4\r\nCat2 --ar 5:4"
    assert [action.emoji for action in task("10b-described-official").actions] == ["1️⃣", "2️⃣"]


def test_a_video_that_only_image_url_names_is_found() -> None:
    looked = task("10c-video-done")
    assert looked.video_urls == ("https://cdn.example.com/video/0_0.mp4",)
    assert looked.picture_url is None


def test_the_echo_comes_back() -> None:
    assert task("13-hook-body").echo == "job-42"


def test_of_two_rows_the_one_that_runs_wins() -> None:
    found = outcome("14a-two-rows")
    assert isinstance(found, dict)
    (looked,) = found.values()
    assert (looked.phase, looked.progress) == (Phase.RUNNING, 31)


def test_a_frozen_row_keeps_the_address_of_what_is_there() -> None:
    assert task("14b-frozen-row").preview_url == "https://cdn.example.com/grid.png"
