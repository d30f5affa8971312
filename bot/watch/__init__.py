"""Watching the process: is it alive, may it be counted on, and who is told.

`pulse` feels the event loop, `health` puts together what all parts say of themselves, `supervisor` tells systemd,
`watch` keeps all of it going. Imports nothing of what it watches but types: `bot.app` hands everything in.
"""
