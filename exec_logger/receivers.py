"""Whom notifications go to: Apprise's URLs, from the environment or a file, and never from the table."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from exec_logger.errors import ExecLogError
from exec_logger.outbox import Message, Receiver, fingerprint
from exec_logger.redact import hide

VARIABLE = "EXECLOG_NOTIFY_URLS"


def receivers(urls_file: Path | None) -> list[Receiver]:
    """Raises ExecLogError where there are none, one is no URL of Apprise's, or Apprise is not installed."""
    urls = _urls(urls_file)
    if not urls:
        raise ExecLogError(
            f"nobody is to be notified. Set {VARIABLE} to Apprise URLs, or name a file of them with --urls-file."
        )
    try:
        import apprise
    except ImportError as error:
        raise ExecLogError("Apprise is not installed. Run `pip install 'exec-logger[notify]'`.") from error
    found = []
    for number, url in enumerate(urls, 1):
        sender = apprise.Apprise()
        if not sender.add(url):
            raise ExecLogError(f"receiver {number} of {len(urls)} is no URL that Apprise knows. Mend it.")
        if "overflow=" not in url:
            for plugin in sender:  # a chat refuses what is too long, each time again
                plugin.overflow_mode = apprise.OverflowMode.TRUNCATE
        found.append(_receiver(apprise, sender, url))
    return found


def _urls(file: Path | None) -> Sequence[str]:
    """A line or a word each; a line that begins with # is a comment."""
    try:
        text = file.read_text() if file else os.environ.get(VARIABLE, "")
    except OSError as error:
        raise ExecLogError(f"cannot read {file}: {error.strerror}. Let execlog read it.") from error
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return list(dict.fromkeys(" ".join(lines).split()))


def _receiver(apprise: Any, sender: Any, url: str) -> Receiver:
    def send(message: Message) -> str | None:
        kind = apprise.NotifyType.FAILURE if message.failure else apprise.NotifyType.SUCCESS
        with apprise.LogCapture(level=apprise.logging.WARNING) as said:
            try:
                if sender.notify(title=message.title, body=message.body, notify_type=kind):
                    return None
                reason = " ".join(said.getvalue().split()) or "it was refused"
            except Exception as error:  # of a plugin, or of the network
                reason = f"{type(error).__name__}: {error}"
        return f"{urlsplit(url).scheme} {fingerprint(url)}: {hide(reason, iter(_secrets(url)))}"[:1000]

    return Receiver(fingerprint(url), send)


def _secrets(url: str) -> list[str]:
    """Whatever of a URL may be one: all of it but scheme and port."""
    parts = urlsplit(url)
    words = [
        parts.netloc,
        parts.hostname or "",
        parts.username or "",
        parts.password or "",
        parts.query,
        *parts.path.split("/"),
    ]
    return [url, *(form for word in words for form in (word, unquote(word)) if form)]
