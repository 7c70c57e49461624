"""Tell addresses of this machine from those of others."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Return whether ``host`` can be reached from this machine only."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Return whether the host of ``url`` can be reached from this machine only."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False
