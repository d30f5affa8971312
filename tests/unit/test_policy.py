from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors import (
    CometActionRefused,
    CometBanned,
    CometBusy,
    CometError,
    CometInvalid,
    CometNotOffered,
    CometNotReady,
    CometRefused,
    CometTaskMissing,
    CometUncertain,
    CometUnreachable,
)
from bot.jobs import policy
from bot.jobs.ports import Outcome
from bot.jobs.tracking import pace
from bot.model import SETTLED, TRANSITIONS, Action, Failure, Kind, Speed, Status, Waiting

COMET_ERRORS = [
    cls
    for cls in vars(errors).values()
    if isinstance(cls, type) and issubclass(cls, CometError) and cls not in (CometError, CometRefused)
]


@pytest.mark.parametrize("cls", COMET_ERRORS)
@given(waited=st.integers(0, 3600), refusals=st.integers(0, 5), jitter=st.floats(0, 0.999))
def test_only_a_submit_that_was_proved_not_accepted_is_ever_queued_again(
    cls: type[CometError], waited: int, refusals: int, jitter: float
) -> None:
    verdict = policy.judge_submit(cls("x"), waited=timedelta(seconds=waited), refusals=refusals, jitter=jitter)
    if cls.sent == "no":
        assert verdict.status in (Status.QUEUED, Status.FAILED)
    else:
        assert (verdict.status, verdict.outcome) == (Status.UNKNOWN, Outcome.UNKNOWN)
    assert verdict.status in TRANSITIONS[Status.SUBMITTING]
    assert (verdict.failure is not None) == (verdict.status is Status.FAILED)
    assert (verdict.waiting is not None) == (verdict.status is Status.QUEUED)


def test_waits_between_attempts_grow_and_are_bounded() -> None:
    waits = [
        policy.judge_submit(CometUnreachable(), waited=timedelta(seconds=s), refusals=0, jitter=0.0).wait_seconds
        for s in (0, 2, 10, 30, 100, 1000)
    ]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2.0, 30.0)


def test_a_named_wait_is_obeyed_and_spread_by_less_than_a_second() -> None:
    error = CometBusy("429", retry_after=timedelta(seconds=17))
    verdict = policy.judge_submit(error, waited=timedelta(), refusals=0, jitter=0.5)
    assert (verdict.wait_seconds, verdict.waiting) == (17.5, Waiting.BUSY)


def test_not_ready_is_tried_twice_more() -> None:
    verdicts = [policy.judge_submit(CometNotReady(), waited=timedelta(), refusals=n, jitter=0.0) for n in range(3)]
    assert [(v.status, v.wait_seconds) for v in verdicts] == [
        (Status.QUEUED, 2.0),
        (Status.QUEUED, 5.0),
        (Status.FAILED, 0.0),
    ]


def test_the_detail_of_an_uncertain_submit_is_kept() -> None:
    verdict = policy.judge_submit(CometUncertain("read timeout"), waited=timedelta(), refusals=0, jitter=0.0)
    assert verdict.detail == "read timeout"


@pytest.mark.parametrize(
    ("reason", "failure"),
    [
        ("Banned prompt detected, do not try again", Failure.BANNED),
        ("可能包含敏感词", Failure.BANNED),
        ("Request cancelled due to output filters", Failure.BANNED),
        ("Image denied by our moderators", Failure.BANNED),
        ("[Invalid parameter] Invalid value", Failure.INVALID),
        ("Invalid link, could not fetch", Failure.INVALID),
        ("Blocked", Failure.GENERATION),
        ("[Internal Server Error] timeout", Failure.GENERATION),
        ("上游任务超时（超过1小时）", Failure.GENERATION),
        ("", Failure.GENERATION),
    ],
)
def test_reasons_of_the_api_are_sorted(reason: str, failure: Failure) -> None:
    assert policy.judge_failure(reason)[0] is failure


@given(st.text())
def test_any_reason_is_sorted_and_shortened(reason: str) -> None:
    _, detail = policy.judge_failure(reason)
    assert len(detail) <= 300


@given(st.integers(1, 10_000), st.floats(0, 0.999))
def test_backing_off_never_stops_and_never_exceeds_its_bound(failures: int, jitter: float) -> None:
    assert 0.75 <= policy.backoff_seconds(failures, jitter) <= 37.5


def test_old_jobs_are_looked_at_every_twenty_seconds() -> None:
    assert pace.next_look_seconds(pace.Pace(601.0, 95), scale=1.0, jitter=0.0) == pytest.approx(18.0)


def test_the_whole_schedule_scales_with_the_setting() -> None:
    for progress in (0, 30, 70, 95):
        once = pace.next_look_seconds(pace.Pace(30.0, progress), scale=1.0, jitter=0.3)
        assert pace.next_look_seconds(pace.Pace(30.0, progress), scale=2.0, jitter=0.3) == pytest.approx(2 * once)


def test_a_missing_task_is_looked_for_less_often_in_the_end() -> None:
    assert pace.missing_look_seconds(6, scale=1.0) > pace.missing_look_seconds(5, scale=1.0)


def test_expired_jobs_are_swept_every_few_minutes() -> None:
    assert 240 <= pace.sweep_look_seconds(0.0) < pace.sweep_look_seconds(0.99) <= 360


def test_a_job_that_gave_up_always_has_a_reason() -> None:
    assert set(policy.GAVE_UP) == {*Waiting, None}


def test_every_status_has_its_row_and_only_expired_and_unknown_settle_for_now() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert {status for status in SETTLED if TRANSITIONS[status]} == {Status.EXPIRED, Status.UNKNOWN}


def test_video_has_no_turbo() -> None:
    assert policy.speed_for(Kind.ANIMATE, Speed.TURBO) is Speed.FAST
    assert policy.speed_for(Kind.ANIMATE, Speed.RELAX) is Speed.RELAX
    assert policy.speed_for(Kind.PAN, Speed.TURBO) is Speed.TURBO


BUTTONS = (
    Action(index=0, action_id="MJ::JOB::upsample::1::u", kind=Kind.UPSCALE, label="U1", quadrant=1, once=True),
    Action(index=1, action_id="MJ::CustomZoom::u", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True),
    Action(index=2, action_id="MJ::Job::PicReader::1", kind=Kind.IMAGINE, label="1", needs_input=True, quadrant=1),
    Action(index=3, action_id="MJ::Job::PicReader::all", kind=Kind.IMAGINE, label="All", needs_input=True),
    Action(index=4, action_id="MJ::BOOKMARK::u", kind=Kind.BOOKMARK, label="", emoji="❤️"),
)
HOUR, MOMENT = timedelta(hours=1), timedelta(seconds=20)
NONE = set[int]()


@pytest.mark.parametrize(
    ("error", "is_known", "ended_ago", "dead"),
    [
        (CometActionRefused(), True, MOMENT, {1}),
        (CometTaskMissing(), True, MOMENT, {0, 1, 2}),
        (CometNotReady(), False, MOMENT, NONE),
        (CometNotReady(), False, HOUR, {0, 1, 2}),
        (CometNotReady(), True, MOMENT, NONE),
        (CometNotReady(), True, HOUR, {1}),
        (CometInvalid(), True, HOUR, NONE),
        (CometBanned(), True, HOUR, NONE),
        (CometUncertain(), True, HOUR, NONE),
    ],
)
def test_only_a_refusal_that_is_about_the_button_kills_it_and_only_a_lost_task_kills_them_all(
    error: CometError, *, is_known: bool, ended_ago: timedelta, dead: set[int]
) -> None:
    assert policy.dead_buttons(error, 1, BUTTONS, is_known=is_known, ended_ago=ended_ago) == dead


@pytest.mark.parametrize(
    ("error", "failure"),
    [(CometNotOffered(), Failure.NOT_OFFERED), (CometActionRefused(), Failure.ACTION_REFUSED)],
)
def test_what_the_api_will_never_do_is_not_tried_again(error: CometError, failure: Failure) -> None:
    verdict = policy.judge_submit(error, waited=timedelta(), refusals=0, jitter=0.0)
    assert (verdict.status, verdict.failure, verdict.outcome) == (Status.FAILED, failure, Outcome.REFUSED)
