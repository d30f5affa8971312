"""The line to Discord: logging in, staying connected, and never asking so much or so often that Discord shuts us out.

Knows discord.py, aiohttp's tracing and the `Clock` port; nothing of jobs, storage or the API.
"""
