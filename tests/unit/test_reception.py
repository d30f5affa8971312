"""Whose turn it is when more people come at once than can be answered at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.connection.reception import Reception, Room

#: Seconds that are over at once; those of `Room` itself are for people.
SOON = 0.01
#: Seconds that are never over within a test.
NEVER = 3600.0


def come(reception: Reception, *people: int) -> list[asyncio.Task[None]]:
    """Let people come, and wait for their turns."""
    for person in people:
        reception.came(person)
    return [asyncio.create_task(reception.turn(person)) for person in people]


async def settled(tasks: list[asyncio.Task[None]]) -> list[bool]:
    """Return of whom it is the turn, once nothing moves any more."""
    for _ in range(10):
        await asyncio.sleep(0)
    return [task.done() for task in tasks]


async def end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_people_are_served_as_they_came_and_the_next_when_one_has_an_answer() -> None:
    reception = Reception(Room(places=2, service_s=NEVER))
    turns = come(reception, 1, 2, 3, 4)
    assert await settled(turns) == [True, True, False, False]
    reception.answered(2)
    assert await settled(turns) == [True, True, True, False]
    reception.answered(1)
    assert await settled(turns) == [True, True, True, True]


async def test_whoever_takes_long_keeps_nobody_waiting() -> None:
    reception = Reception(Room(places=1, service_s=SOON))
    await asyncio.wait_for(asyncio.gather(*come(reception, 1, 2, 3)), 5)


async def test_an_event_that_discord_repeats_takes_no_second_place() -> None:
    reception = Reception(Room(places=2, service_s=NEVER))
    turns = [*come(reception, 1), *come(reception, 1), *come(reception, 1), *come(reception, 2)]
    assert await settled(turns) == [True, True, True, True]
    reception.answered(1)
    more = come(reception, 3, 4)
    assert await settled(more) == [True, False]
    await end(more)


async def test_whoever_was_answered_while_they_waited_takes_no_place() -> None:
    reception = Reception(Room(places=1, service_s=NEVER))
    turns = come(reception, 1, 2, 3)
    await settled(turns)
    reception.answered(2)
    reception.answered(1)
    assert await settled(turns) == [True, True, True]
    assert await settled([asyncio.create_task(reception.turn(2))]) == [True]


async def test_whoever_gives_up_waiting_loses_no_place() -> None:
    reception = Reception(Room(places=1, service_s=NEVER))
    turns = come(reception, 1, 2)
    await settled(turns)
    await end(turns[1:])
    reception.answered(1)
    assert await settled(come(reception, 3)) == [True]


async def test_a_crowd_begins_and_ends_with_the_number_of_those_without_an_answer() -> None:
    reception = Reception(Room(crowd=3))
    come(reception, 1, 2)
    assert not reception.is_crowded
    come(reception, 3)
    assert reception.is_crowded
    reception.answered(1)
    assert not reception.is_crowded


async def test_whom_nobody_answered_in_time_is_no_part_of_a_crowd() -> None:
    reception = Reception(Room(crowd=1, wait_s=SOON))
    come(reception, 1)
    assert reception.is_crowded
    async with asyncio.timeout(5), reception.afterwards():
        assert not reception.is_crowded


async def test_in_a_crowd_nobody_is_patient() -> None:
    reception = Reception(Room(crowd=2))
    work = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(reception.patience(work, NEVER))
    assert await settled([waiting]) == [False]
    come(reception, 1, 2)
    assert await settled([waiting]) == [True]
    assert not work.done()


async def test_without_a_crowd_patience_lasts_until_the_work_is_done_or_the_time_is_over() -> None:
    reception = Reception()
    work: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(reception.patience(work, NEVER))
    assert await settled([waiting]) == [False]
    work.set_result("done")
    assert await settled([waiting]) == [True]
    never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    await asyncio.wait_for(reception.patience(never, SOON), 5)
    await asyncio.wait_for(reception.patience(never, -1.0), 5)
    assert not never.cancelled()


async def test_what_can_wait_waits_for_the_crowd_and_then_so_much_is_done_side_by_side() -> None:
    reception = Reception(Room(crowd=1, benches=2, bench_s=NEVER))
    come(reception, 1)
    inside: list[int] = []
    out = asyncio.Event()

    async def work(number: int) -> None:
        async with reception.afterwards():
            inside.append(number)
            await out.wait()

    works = [asyncio.create_task(work(number)) for number in range(3)]
    await settled(works)
    assert inside == []
    reception.answered(1)
    await settled(works)
    assert inside == [0, 1]
    out.set()
    await asyncio.wait_for(asyncio.gather(*works), 5)
    assert inside == [0, 1, 2]


async def test_what_takes_long_gives_its_bench_up_and_a_bench_is_given_up_once() -> None:
    reception = Reception(Room(benches=1, bench_s=SOON))
    inside: list[int] = []
    out = asyncio.Event()

    async def work(number: int) -> None:
        async with reception.afterwards():
            inside.append(number)
            await out.wait()

    slow = asyncio.create_task(work(0))
    await settled([slow])
    async with asyncio.timeout(5), reception.afterwards():
        assert inside == [0]
    out.set()
    await slow

    out.clear()
    works = [asyncio.create_task(work(number)) for number in (1, 2)]
    await settled(works)
    assert inside == [0, 1]
    await end(works)


async def test_what_waits_for_a_crowd_that_never_ends_is_done_all_the_same() -> None:
    reception = Reception(Room(crowd=1, delay_s=SOON))
    come(reception, 1)
    async with asyncio.timeout(5), reception.afterwards():
        assert reception.is_crowded


@pytest.mark.parametrize("interaction_id", [1, 2])
async def test_an_answer_to_somebody_unknown_changes_nothing(interaction_id: int) -> None:
    reception = Reception(Room(places=1))
    reception.answered(interaction_id)
    assert await settled(come(reception, 5)) == [True]


async def serve(reception: Reception, person: int, until: asyncio.Event) -> None:
    await reception.turn(person)
    await until.wait()


async def test_closing_waits_for_what_is_done_for_people() -> None:
    reception, is_done = Reception(Room(closing_s=NEVER)), asyncio.Event()
    serving = asyncio.create_task(serve(reception, 1, is_done))
    assert await settled([serving]) == [False]
    closing = asyncio.create_task(reception.close())
    assert await settled([closing]) == [False]
    is_done.set()
    assert await settled([closing, serving]) == [True, True]


async def test_closing_ends_what_takes_too_long() -> None:
    reception = Reception(Room(closing_s=SOON))
    serving = asyncio.create_task(serve(reception, 1, asyncio.Event()))
    await settled([serving])
    await asyncio.wait_for(reception.close(), 5)
    assert serving.cancelled()


async def test_closing_ends_the_wait_of_those_who_were_put_off() -> None:
    reception = Reception(Room(crowd=1, benches=1, closing_s=SOON))
    come(reception, 1)
    inside: list[int] = []

    async def work(number: int) -> None:
        async with reception.afterwards():
            inside.append(number)
            await asyncio.sleep(NEVER)

    works = [asyncio.create_task(work(number)) for number in range(3)]
    await settled(works)
    assert inside == []
    await reception.close()
    come(reception, 2)
    await settled(works)
    assert not reception.is_crowded
    assert inside == [0, 1, 2]
    await end(works)


async def test_closing_ends_the_wait_for_a_bench_that_is_taken_for_long() -> None:
    reception, inside = Reception(Room(crowd=1, benches=1, bench_s=NEVER, closing_s=SOON)), list[int]()

    async def work(number: int) -> None:
        await reception.turn(number)
        async with reception.afterwards():
            inside.append(number)
            await asyncio.sleep(NEVER if number == 0 else 0)

    works = [asyncio.create_task(work(number)) for number in range(3)]
    await settled(works)
    assert inside == [0]
    await asyncio.wait_for(reception.close(), 5)
    assert inside == [0, 1, 2]
    assert [task.cancelled() for task in works] == [True, False, False]


async def test_closing_ends_the_wait_for_a_turn() -> None:
    reception = Reception(Room(places=1, service_s=NEVER, closing_s=SOON))
    turns = come(reception, 1, 2, 3)
    assert await settled(turns) == [True, False, False]
    await asyncio.wait_for(reception.close(), 5)
    assert not any(turn.cancelled() for turn in turns)


async def test_closing_does_not_wait_for_ever_for_what_takes_something_back() -> None:
    reception, is_out = Reception(Room(closing_s=SOON)), asyncio.Event()

    async def stubborn() -> None:
        await reception.turn(1)
        try:
            await asyncio.sleep(NEVER)
        finally:
            await is_out.wait()

    serving = asyncio.create_task(stubborn())
    await settled([serving])
    await asyncio.wait_for(reception.close(), 5)
    assert not serving.done()
    is_out.set()
    await asyncio.gather(serving, return_exceptions=True)
    assert serving.cancelled()
