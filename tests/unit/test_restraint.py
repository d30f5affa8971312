"""What may be sent to Discord while it refuses: less and less, and never so much that it bans us."""

from __future__ import annotations

import logging

import pytest

from bot.connection.restraint import WINDOW_S, Reply, Restraint, Thresholds, dispensable, place
from tests.fakes import FakeClock

API = "/api/v10"
POST = ("POST", f"{API}/channels/7/messages")
ELSEWHERE = ("POST", f"{API}/channels/8/messages")
EDIT = ("PATCH", f"{API}/webhooks/1/a-token/messages/@original")
ANSWER = ("POST", f"{API}/interactions/5/a-token/callback")

LIMITED = Reply(status=429, retry_after_s=1.0)
SMALL = Thresholds(alert=10, deliveries=20, everything=30)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def refused(clock: FakeClock, times: int, thresholds: Thresholds = SMALL) -> Restraint:
    """Return a restraint that has seen so many refusals just now."""
    restraint = Restraint(clock, thresholds)
    for _ in range(times):
        restraint.note(*POST, LIMITED)
    return restraint


def may_go(restraint: Restraint) -> tuple[bool, bool, bool]:
    """Tell whether progress, a picture and a first answer may go out."""
    with dispensable():
        progress = restraint.objection(*EDIT) is None
    return progress, restraint.objection(*POST) is None, restraint.objection(*ANSWER) is None


@pytest.mark.parametrize(
    ("reply", "counts"),
    [
        (Reply(status=401), True),
        (Reply(status=403), True),
        (LIMITED, True),
        (Reply(status=429, is_shared=True), False),
        (Reply(status=404), False),
        (Reply(status=503), False),
        (Reply(status=200), False),
    ],
)
def test_only_what_discord_counts_is_counted(clock: FakeClock, reply: Reply, *, counts: bool) -> None:
    restraint = Restraint(clock)
    restraint.note(*POST, reply)
    assert restraint.invalid_requests == counts


def test_a_refusal_is_forgotten_after_ten_minutes(clock: FakeClock) -> None:
    restraint = refused(clock, 3)
    clock.advance(WINDOW_S - 1)
    restraint.note(*POST, LIMITED)
    assert restraint.invalid_requests == 4
    clock.advance(2)
    assert restraint.invalid_requests == 1


@pytest.mark.parametrize(
    ("times", "go"),
    [
        (9, (True, True, True)),
        (10, (False, True, True)),
        (20, (False, False, True)),
        (30, (False, False, False)),
    ],
)
def test_the_more_is_refused_the_less_is_sent_and_answers_to_people_last(
    clock: FakeClock, times: int, go: tuple[bool, bool, bool]
) -> None:
    restraint = refused(clock, times)
    assert may_go(restraint) == go
    clock.advance(WINDOW_S + 1)
    assert may_go(restraint) == (True, True, True)


def test_what_is_under_way_may_be_refused_too(clock: FakeClock) -> None:
    restraint = refused(clock, 10)
    restraint.under_way = 9
    assert restraint.objection(*POST) is None
    restraint.under_way = 10
    assert restraint.objection(*POST) is not None
    calm = refused(clock, 9)
    calm.under_way = 1000  # a burst on a good day
    assert calm.objection(*POST) is None


@pytest.mark.parametrize("minutes", [10, 45])
def test_in_the_worst_storm_no_ten_minutes_hold_a_thousand_refusals(clock: FakeClock, minutes: int) -> None:
    restraint, most, sent = Restraint(clock), 0, [0, 0, 0]
    for _ in range(minutes * 60):
        for kind, (method, path), times in ((0, EDIT, 8), (1, POST, 100), (2, ANSWER, 0)):
            for _ in range(times):
                with dispensable():
                    objection = restraint.objection(method, path)
                objection = objection if kind == 0 else restraint.objection(method, path)
                if objection is None:
                    sent[kind] += 1
                    restraint.note(method, path, LIMITED)
        most = max(most, restraint.invalid_requests)
        clock.advance(1)
    assert 500 <= most < 1000
    assert all(sent[:2])


def test_after_a_ban_nothing_is_sent_until_it_is_over(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    restraint = Restraint(clock)
    said = restraint.note(*POST, Reply(status=429, is_from_discord=False, retry_after_s=300))
    assert said == "Discord shut us out for 300 s"
    clock.advance(299)
    assert restraint.is_strained
    assert may_go(restraint) == (False, False, False)
    clock.advance(2)
    assert may_go(restraint) == (True, True, True)
    assert caplog.text.count("shut this machine's address out") == 1


def test_a_ban_of_unknown_length_is_looked_at_ever_more_rarely(clock: FakeClock) -> None:
    restraint, ban, waits = Restraint(clock), Reply(status=429, is_from_discord=False), list[int]()
    for _ in range(7):
        for _ in range(5):  # all those that were under way
            restraint.note(*POST, ban)
        waits.append(0)
        while restraint.objection(*ANSWER) is not None:
            clock.advance(1)
            waits[-1] += 1
    assert waits == [30, 60, 120, 240, 480, 600, 600]
    restraint.note(*POST, Reply(status=200))
    restraint.note(*POST, ban)
    clock.advance(31)
    assert restraint.objection(*POST) is None


def test_a_place_that_asks_for_a_long_wait_is_left_alone_and_no_other(clock: FakeClock) -> None:
    restraint = Restraint(clock)
    assert restraint.note(*POST, Reply(status=429, retry_after_s=30)) is None  # discord.py waits so long by itself
    assert restraint.objection(*POST) is None
    assert restraint.note(*POST, Reply(status=429, retry_after_s=240)) == "Discord asked us to wait 240 s"
    assert restraint.objection(*POST) == "Discord asked us to wait 240 s more"
    assert restraint.objection(*ELSEWHERE) is None
    clock.advance(241)
    assert restraint.objection(*POST) is None


def test_a_long_wait_for_all_is_everybodys(clock: FakeClock) -> None:
    restraint = Restraint(clock)
    assert restraint.note(*POST, Reply(status=429, retry_after_s=60, is_global=True)) is not None
    assert may_go(restraint) == (False, False, False)


def test_the_owner_is_told_once_of_each_step_and_of_the_end(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "bot")
    restraint = refused(clock, 25)
    steps = [record.getMessage() for record in caplog.records]
    assert [("progress messages" in step, "all but first answers" in step) for step in steps] == [
        (True, False),
        (False, True),
    ]
    clock.advance(WINDOW_S + 1)
    restraint.note(*POST, Reply(status=200))
    restraint.note(*POST, Reply(status=200))
    assert [record.getMessage() for record in caplog.records][2:] == [
        "Discord refuses less again (0 within ten minutes); everything is sent as usual"
    ]


@pytest.mark.parametrize(
    ("path", "shared"),
    [
        ("/channels/1/messages/2", "/channels/1/messages/-"),
        ("/channels/1/messages/2/reactions/x/@me", "/channels/1/messages/-/reactions/x/@me"),
        ("/webhooks/1/token/messages/3", "/webhooks/1/token/messages/-"),
        ("/users/@me", "/users/@me"),
    ],
)
def test_the_first_id_names_the_place(path: str, shared: str) -> None:
    assert place("PATCH", f"{API}{path}") == f"PATCH {API}{shared}"
