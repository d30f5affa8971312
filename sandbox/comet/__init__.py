"""A wire-level emulator of the CometAPI Midjourney API (contract 11).

It shares no code with the bot: it imports nothing of `bot`, `cogs` or `storage`.
"""

from sandbox.comet.faults import Fault
from sandbox.comet.ledger import Charge
from sandbox.comet.options import CometOptions
from sandbox.comet.sandbox import CometSandbox

__all__ = ["Charge", "CometOptions", "CometSandbox", "Fault"]
