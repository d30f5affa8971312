"""The gateway: sessions that outlive their connections, and what is dispatched to them (docs, gateway).

A session numbers and keeps its events, so that RESUME can replay what a lost connection missed. The websocket itself is
in `sockets.py`.
"""

from __future__ import annotations

import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, final

from .faults import DiscordFault

if TYPE_CHECKING:
    from .changes import Changes
    from .clock import Clock
    from .faults import ArmedFault, FaultBoard
    from .refusals import Json

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, MEMBERS = 0, 1, 2, 3, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
GUILDS, GUILD_MESSAGES, GUILD_REACTIONS, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 10, 1 << 12
DIRECT_REACTIONS, MESSAGE_CONTENT = 1 << 13, 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
KEPT_EVENTS = 10_000


class Connection(Protocol):
    """A websocket that carries a session."""

    def put(self, text: str) -> None:
        """Queue a payload; order is kept."""
        ...

    def finish(self, code: int | None) -> None:
        """Close after what is queued; None cuts the line without a close frame."""
        ...

    def mute(self) -> None:
        """Say nothing more, but stay connected."""
        ...


@final
@dataclass(eq=False)
class Session:
    """A bot's session."""

    intents: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque[tuple[int, str]](maxlen=KEPT_EVENTS))
    connection: Connection | None = None
    detached_at: float | None = None
    lost_up_to: int = 0

    def dispatch(self, name: str, data: Json) -> None:
        """Give an event its number, keep it, and send it if somebody listens."""
        self.sequence += 1
        text = json.dumps({"op": DISPATCH, "t": name, "s": self.sequence, "d": data})
        if len(self.events) == KEPT_EVENTS:
            self.lost_up_to = self.events[0][0]
        self.events.append((self.sequence, text))
        if self.connection is not None:
            self.connection.put(text)

    def replay(self, sequence: int) -> None:
        """Send again what came after `sequence`."""
        for number, text in self.events:
            if number > sequence and self.connection is not None:
                self.connection.put(text)


@final
class Hub:
    """All sessions of the bot."""

    def __init__(self, clock: Clock, changes: Changes, faults: FaultBoard, resume_seconds: float) -> None:
        self._clock = clock
        self._changes = changes
        self._faults = faults
        self._resume_seconds = resume_seconds
        self._sessions: dict[str, Session] = {}

    def connected(self) -> list[Session]:
        """Return the sessions that somebody listens to."""
        return [session for session in self._sessions.values() if session.connection is not None]

    def open(self, intents: int, connection: Connection) -> Session:
        """Start a session for a fresh IDENTIFY."""
        session = Session(intents, connection=connection)
        self._sessions[session.id] = session
        return session

    def resumable(self, session_id: str, sequence: int) -> Session | None:
        """Return a session that can go on from `sequence`, or None."""
        self._forget_old()
        session = self._sessions.get(session_id)
        if session is None or not session.lost_up_to <= sequence <= session.sequence:
            return None
        return session

    def attach(self, session: Session, connection: Connection) -> None:
        """Let a connection carry a session; an older connection is cut."""
        if session.connection is not None:
            session.connection.finish(None)
        session.connection, session.detached_at = connection, None

    def detach(self, session: Session, connection: Connection, close_code: int | None) -> None:
        """Note that a connection is gone; a client that says goodbye (1000, 1001) ends its session."""
        if session.connection is not connection:
            return
        session.connection, session.detached_at = None, self._clock.now()
        if close_code in (1000, 1001):
            self._sessions.pop(session.id, None)
        self._changes.publish({"type": "bot", "online": bool(self.connected())})

    def end(self, session: Session) -> None:
        """Forget a session: it cannot be resumed."""
        self._sessions.pop(session.id, None)

    def dispatch(self, name: str, data: Json, *, intent: int = 0, redacted: Json | None = None) -> None:
        """Send an event to every session that asked for it.

        Parameters
        ----------
        intent
            The bit that a session must have asked for; 0 goes to all.
        redacted
            What a session without MESSAGE_CONTENT gets instead.
        """
        self._forget_old()
        for session in tuple(self._sessions.values()):
            if intent & ~session.intents:
                continue
            armed = self._faults.take_gateway() if session.connection is not None else None
            if armed is not None:
                self._strike(session, armed)
            hidden = redacted is not None and not session.intents & MESSAGE_CONTENT
            session.dispatch(name, redacted if hidden and redacted is not None else data)

    def _strike(self, session: Session, armed: ArmedFault) -> None:
        connection = session.connection
        if connection is None:
            return
        if armed.fault is DiscordFault.GATEWAY_ZOMBIE:
            connection.mute()
            return
        session.connection, session.detached_at = None, self._clock.now()
        if armed.fault is DiscordFault.GATEWAY_RECONNECT:
            connection.put(json.dumps({"op": RECONNECT, "d": None}))
            connection.mute()
        else:
            connection.finish(armed.status or 4000)

    def _forget_old(self) -> None:
        limit = self._clock.now() - self._resume_seconds
        for session in tuple(self._sessions.values()):
            if session.detached_at is not None and session.detached_at < limit:
                self._sessions.pop(session.id)
