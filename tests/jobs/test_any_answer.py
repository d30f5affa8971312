"""Whatever the API answers, and to whatever: the engine goes on, pays nothing twice, and leaves nobody in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.jobs.babbling import Babel
from tests.odd_bodies import OddBodies

if TYPE_CHECKING:
    from pathlib import Path


async def test_an_api_that_answers_anything_at_all_strands_no_job(tmp_path: Path) -> None:
    babel = Babel(tmp_path, OddBodies(2))
    await babel.listen(150)
    assert len(babel.job_ids) > 50
    assert babel.api.charges
