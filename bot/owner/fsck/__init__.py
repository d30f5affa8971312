"""`python -m bot fsck`: whether what the database says fits together, and fits the pictures on the disk.

`command` prints what `storage.fsck` and `files` find. Nothing is changed. Nothing imports it but `bot.__main__`.
"""

from bot.owner.fsck.command import arguments, main

__all__ = ["arguments", "main"]
