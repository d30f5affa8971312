"""What people are told of what is kept of them: it is what really happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.jobs.privacy.service import Kept
from bot.model import Holdings, Kind, Status
from cogs.render.notice import ask_to_delete
from cogs.render.panels import Text
from cogs.render.privacy import render_kept
from tests.unit.render_builders import START, job

if TYPE_CHECKING:
    from cogs.render.panels import Panel

KEPT: Final = Kept(
    holdings=Holdings(jobs=3, deleted=2, oldest=START), jobs_life=None, files_life=None, backups_life=None
)


def text_of(panel: Panel) -> str:
    return "\n".join(part.content for part in panel.parts if isinstance(part, Text))


def test_what_is_left_of_deleted_jobs_is_told_as_it_is() -> None:
    text = text_of(render_kept(KEPT))
    assert "their pictures and their words are gone" in text
    assert "Jobs: until you delete them. That you made them, and when: until `/privacy delete`." in text


def test_where_jobs_go_for_their_age_the_sum_that_they_leave_is_told() -> None:
    text = text_of(render_kept(replace(KEPT, jobs_life=timedelta(days=7))))
    assert "Jobs: 7 days. How many there were: until the end of the month." in text
    assert "until you delete them. That" not in text


def test_which_pictures_go_first_is_told() -> None:
    assert "favorites and those in a star channel go last" in text_of(render_kept(KEPT))


def test_the_question_before_a_job_is_deleted_tells_what_becomes_of_its_words() -> None:
    for kind in Kind:
        for status in (Status.SUCCEEDED, Status.FAILED):
            asked = ask_to_delete(job(kind=kind, status=status)).content
            assert "Its words go too." in asked
