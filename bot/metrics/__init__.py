"""What Easel counts and times, in the format that Prometheus reads (reliability E).

A registry per `Metrics`, never the library's global one: two bots in one process, as in tests, do not add up. A label's
value is always a member of an enumeration, so that nothing that a person, Discord or the API wrote can become one
(reliability C18). Imports prometheus_client and the standard library; everything above may import it.

One module per subject, each with the numbers of it and the methods that move them: `jobs`, `api`, `deliveries`,
`discord`, `storage`, `process`.
"""

from bot.metrics.metrics import CONTENT_TYPE, Metrics, ReceiverMetrics

__all__ = ["CONTENT_TYPE", "Metrics", "ReceiverMetrics"]
