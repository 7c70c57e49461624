"""Tell the owner's webhook what changed: signed, again until it is taken, and nowhere inside unless allowed.

The form of a request, its headers and signature, is that of Standard Webhooks (standardwebhooks.com), for
which receivers have libraries.
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import anyio
import httpx
from filelock import FileLock, Timeout

from qa.errors import AttestError, UserError
from qa.tracking.records import change_record
from qa.tracking.store import TrackingStore
from qa.tracking.values import Change, Delivery

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""The time between two looks of a server for something to tell."""

TIMEOUT_SECONDS = 15.0
"""The longest that a delivery may take, however slowly the other side answers: what Standard Webhooks advises
as the lowest limit."""

FIRST_WAIT, LONGEST_WAIT = 5.0, 6 * 3_600.0
"""Seconds between tries: they double with each. Standard Webhooks advises a first retry after five seconds
and hours between the last ones."""

_KEY_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Target:
    """The webhook's address and key, and what may be sent there."""

    url: str
    secret: str
    """The key of the signature; after ``whsec_`` it is Base64."""
    private: bool = False
    """True if the address may be on this machine or in a private network."""

    @property
    def key(self) -> bytes:
        """The bytes that sign.

        Raises:
            UserError: there are none.
        """
        if not self.secret:
            raise UserError("ATTEST_TRACK_WEBHOOK needs ATTEST_TRACK_SECRET, the key that signs what is sent")
        if not self.secret.startswith(_KEY_PREFIX):
            return self.secret.encode()
        try:
            return base64.b64decode(self.secret.removeprefix(_KEY_PREFIX), validate=True)
        except binascii.Error as error:
            raise UserError("ATTEST_TRACK_SECRET begins with whsec_ and is not Base64 after that") from error


class Webhook:
    """Delivers what a store has for the webhook. One process delivers at a time."""

    def __init__(self, store: TrackingStore, target: Target) -> None:
        """Deliver to ``target``.

        Raises:
            UserError: it has no key.
        """
        self._store = store
        self._target = target
        self._key = target.key
        self._next: dict[str, float] = {}

    def deliver(self) -> None:
        """Send every change whose time has come. What is not taken stays, for the next call."""
        if not self._store.exists:
            return
        try:
            with FileLock(self._store.folder / ".delivering", timeout=0):
                for each in self._store.deliveries():
                    if self._next.get(each.change.id, 0.0) <= time.monotonic():
                        self._try(each)
        except Timeout:
            return

    @contextmanager
    def follow(self) -> Iterator[None]:
        """Deliver in the background for as long as the context lasts."""
        stopped = Event()

        def look() -> None:
            while not stopped.wait(LOOK_SECONDS):
                try:
                    self.deliver()
                except Exception:  # the next look may go well, and nobody else would take one
                    log.exception("A change could not be read for the webhook")

        Thread(target=look, name="webhook", daemon=True).start()
        try:
            yield
        finally:
            stopped.set()

    def _try(self, delivery: Delivery) -> None:
        change = delivery.change
        try:
            anyio.run(_send, self._target, self._key, change)
        except (httpx.HTTPError, AttestError, OSError) as error:  # OSError: no such host, or too late
            wait = min(FIRST_WAIT * 2**delivery.attempts, LONGEST_WAIT)
            self._next[change.id] = time.monotonic() + wait
            self._store.put_attempt(change)
            if not delivery.attempts:
                log.warning("A change could not be sent to the webhook, and will be sent again: %s", error)
        else:
            self._store.put_delivered(change)


def sign(key: bytes, id_: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a message as Standard Webhooks has it."""
    digest = hmac.new(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


async def _send(target: Target, key: bytes, change: Change) -> None:
    """Send ``change``.

    Raises:
        httpx.HTTPError: it was not taken.
        UserError: the address is not allowed.
        OSError: the host is not known, or it took too long.
    """
    body = json.dumps(change_record(change), ensure_ascii=False).encode("utf-8", "replace")
    timestamp = str(int(time.time()))
    url = httpx.URL(target.url)
    with anyio.fail_after(TIMEOUT_SECONDS):
        address = await _find_address(url, private=target.private)
        headers = {
            "Content-Type": "application/json",
            "Host": url.netloc.decode(),
            "webhook-id": change.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": sign(key, change.id, timestamp, body),
        }
        # The name is looked up once, and what was checked is what is connected to.
        fixed, extensions = url.copy_with(host=address), {"sni_hostname": url.host}
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT_SECONDS) as client,
            client.stream("POST", fixed, content=body, headers=headers, extensions=extensions) as response,
        ):
            response.raise_for_status()


async def _find_address(url: httpx.URL, *, private: bool) -> str:
    """Return an IP address of the host of ``url``.

    Raises:
        UserError: one of its addresses is on this machine or in a private network, unless ``private``.
        OSError: the host is not known.
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    found = [str(each[4][0]) for each in await anyio.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)]
    if not private and not all(map(is_public, found)):
        raise UserError(
            f"{url.host} is on this machine or in a private network; to allow it set ATTEST_TRACK_PRIVATE=1"
        )
    return found[0]


def is_public(address: str) -> bool:
    """Return whether an IP address is of the public Internet, also where it wraps one of another version."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner or ip in _TRANSLATED:
            inner = inner or ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that a gateway translates to the IPv4 address in their last bits (RFC 6052)."""
