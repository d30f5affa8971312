"""`python -m bot probe`: asks the live API and the live Discord what their documentation leaves open.

In the order of its work: `command` reads the arguments, `assembly` puts everything together, `walk` runs one check
after the other, `consent` decides which may cost money, `cashier` sends what does, `book` keeps what was found. The
checks are in `looking`, `picture`, `watching`, `links`, `hooks`, `charges`, `refunds`, `places` and `nonces`. Stands
above the whole bot; nothing imports it but `bot.__main__`.
"""

from bot.owner.probe.command import arguments, main

__all__ = ["arguments", "main"]
