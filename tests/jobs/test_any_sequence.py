"""Any sequence of what people, the API, Discord, the machine and its clock may do: the promises hold after each step.

The same machine for as long as one likes: `benchmarks/fuzz.py --machine 2000`.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.jobs.any_sequence import AnySequence


@pytest.mark.timeout(60)  # some hundred processes of Easel, one after the other
def test_whatever_happens_nothing_is_paid_or_posted_twice_and_nobody_is_left_in_silence() -> None:
    run_state_machine_as_test(
        AnySequence,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
