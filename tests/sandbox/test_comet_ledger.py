"""Money: what is charged, when, and what is given back (contract 1, 11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sandbox.comet_api import held, opened


@pytest.mark.parametrize(("prefix", "usd"), [("/mj-fast", 0.056), ("", 0.056), ("/mj-turbo", 0.168)])
async def test_an_accepted_submit_is_charged_at_once_with_everything_known(prefix: str, usd: float) -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prefix, prompt="a boat", state="job-1")).task_id
        (charge,) = api.comet.charges("job-1")
        assert (charge.task_id, charge.action, charge.custom_id) == (task_id, "IMAGINE", "")
        assert (charge.prompt, charge.echo, charge.amount_usd, charge.refunded) == ("a boat", "job-1", usd, False)
        assert charge.at.tzinfo is not None
        assert api.comet.charges("job-2") == []


async def test_a_flow_charges_each_step_once_and_the_window_with_its_modal() -> None:
    async with opened() as api:
        grid = await api.done("a boat --v 7", state="1")
        single_id = (await api.press(grid, "U2", state="2")).task_id
        api.comet.finish(single_id)
        single = await api.fetch(single_id)
        window = await api.press(single, "Custom Zoom", state="3")
        assert api.comet.charges("3") == []
        await api.submit("modal", taskId=window.task_id, prompt="a boat --zoom 2")
        assert [(charge.echo, charge.action) for charge in api.comet.ledger] == [
            ("1", "IMAGINE"),
            ("2", "UPSCALE"),
            ("3", "MODAL"),
        ]


async def test_the_same_button_twice_costs_twice() -> None:
    async with opened() as api:
        grid = await api.done("a boat")
        await api.press(grid, "U1")
        await api.press(grid, "U1")
        assert [charge.action for charge in api.comet.ledger] == ["IMAGINE", "UPSCALE", "UPSCALE"]


async def test_u_buttons_can_be_free() -> None:
    async with opened(replace(held(), charge_upscale=False)) as api:
        await api.press(await api.done("a boat"), "U1")
        assert [charge.action for charge in api.comet.ledger] == ["IMAGINE"]


async def test_a_failure_is_refunded_when_the_gateway_sees_it() -> None:
    async with opened() as api:
        await api.submit("imagine", prompt="a boat [[banned-later]]")
        api.comet.timeline.advance(3)
        assert not api.comet.ledger[0].refunded
        api.comet.sync()
        assert api.comet.ledger[0].refunded
        assert api.comet.ledger.spent_usd == 0


async def test_a_success_is_not_refunded_and_the_proxy_refunds_nothing() -> None:
    async with opened() as api:
        await api.done("a boat")
        assert [charge.refunded for charge in api.comet.ledger] == [False]
    async with opened(held("ancestor")) as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        api.comet.fail(task_id, "no")
        assert [charge.refunded for charge in api.comet.ledger[:]] == [False]


async def test_an_empty_account_is_refused_and_a_refund_makes_room() -> None:
    async with opened(replace(held(), balance_usd=0.06)) as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        refused = await api.submit("imagine", prompt="a fox")
        assert (refused.status, refused.json["description"]) == (400, "quota_not_enough ")
        assert len(api.comet.tasks) == 1
        api.comet.fail(task_id, "no")
        assert (await api.submit("imagine", prompt="a fox")).json["code"] == 1


async def test_video_has_its_own_price() -> None:
    async with opened() as api:
        await api.submit("video", motion="low", image="https://a.example/b.png")
        assert [charge.amount_usd for charge in api.comet.ledger] == [0.60]
