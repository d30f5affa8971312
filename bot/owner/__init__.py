"""What an owner does by hand: one module per command of `python -m bot`.

Each has `arguments(parser)`, which names what the command takes, and `main(settings, arguments)`, which does it and
returns how the process should exit. Only the module of the command that was asked for is imported: the receiver, for
one, needs no discord.py. They talk to a terminal, so they print; everything else logs.
"""
