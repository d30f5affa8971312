"""`python -m bot doctor`: whether Easel can work here, and what to mend where it cannot.

`command` asks `machine`, `database`, `outside` and `at_discord` one after the other and prints what they find; `notes`
says what a finding is. Nothing is changed, nothing is paid for, and no secret is printed. Stands above the whole bot;
nothing imports it but `bot.__main__`.
"""

from bot.owner.doctor.command import arguments, main

__all__ = ["arguments", "main"]
