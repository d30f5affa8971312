from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bot.jobs.people.usage import Account, Spent
from bot.model import Status
from cogs.render.help import Topic, render_help
from cogs.render.info import render_info
from cogs.render.panels import Section, Text
from tests.unit.render_builders import job as make_job

if TYPE_CHECKING:
    from cogs.render.panels import Panel

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOTHING = Spent(since=NOON, jobs=0, amount=Decimal(0), unpriced=0)


def text_of(panel: Panel) -> str:
    return "\n".join(part.content for part in panel.parts if isinstance(part, Text | Section))


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (NOTHING, "0 jobs"),
        (Spent(since=NOON, jobs=1, amount=Decimal("0.056"), unpriced=0), "1 job, about $0.056"),
        (Spent(since=NOON, jobs=5, amount=Decimal("0.17"), unpriced=2), "5 jobs, about $0.17 and 2 jobs of unknown"),
        (Spent(since=NOON, jobs=2, amount=Decimal(0), unpriced=2), "2 jobs, price not known"),
    ],
)
def test_what_was_used_is_told_with_what_it_may_have_cost(spent: Spent, words: str) -> None:
    text = text_of(render_info(Account(today=spent, month=NOTHING, under_way=(), in_all=0, batch_limit=10)))

    assert words in text


def test_what_is_under_way_is_listed_and_can_be_opened() -> None:
    job = make_job(status=Status.QUEUED, prompt="a fox")
    panel = render_info(Account(today=NOTHING, month=NOTHING, under_way=(job,) * 20, in_all=60, batch_limit=10))

    assert "a fox" in text_of(panel)
    assert "… and 45 more" in text_of(panel)


def test_an_owner_who_allows_no_batches_is_not_said_to() -> None:
    panel = render_info(Account(today=NOTHING, month=NOTHING, under_way=(), in_all=0, batch_limit=1))

    assert "at most" not in text_of(panel)


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_is_short_and_leads_to_the_others(topic: Topic) -> None:
    panel = render_help(topic)

    assert len(text_of(panel)) < 1200
    assert len(panel.parts) == 2
