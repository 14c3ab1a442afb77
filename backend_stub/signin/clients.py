"""The one public client and where it may be sent back to."""

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from backend_stub.config import CLIENT_ID

CALLBACK = "/callback"
CUSTOM_SCHEME = "fi.digiklinikka.app"
CUSTOM_HOSTS = ("", "app")  # Android needs one, iOS does not
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def known(client_id: str) -> bool:
    """Whether the client is registered."""
    return client_id == CLIENT_ID


def may_return_to(uri: str, origins: Collection[str]) -> bool:
    """Whether ``uri`` is one of the client's redirect URIs.

    Loopback with any port (RFC 8252 §7.3), the app's own scheme (§7.1), or a page of a configured origin.
    The path is always the callback's: an origin alone would hand codes to any page on it.
    """
    parts = _split(uri)
    if parts is None or parts.query or not parts.path.endswith(CALLBACK):
        return False
    return _is_custom(parts) or _is_loopback(parts) or _origin(parts) in origins


def may_end_at(uri: str, origins: Collection[str]) -> bool:
    """Whether the browser may be sent to ``uri`` after signing out: the same places, any page of them."""
    parts = _split(uri)
    if parts is None:
        return False
    return parts.scheme == CUSTOM_SCHEME or _is_loopback(parts) or _origin(parts) in origins


def form_target(uri: str) -> str:
    """``uri`` as a source in the policy's ``form-action``: browsers check redirects after a form against it."""
    parts = urlsplit(uri)
    if parts.scheme == CUSTOM_SCHEME:
        return f"{CUSTOM_SCHEME}:"
    return "http:" if parts.hostname == "::1" else _origin(parts)


def _split(uri: str) -> SplitResult | None:
    if any(sign in uri for sign in "\\ \r\n\t#*") or ".." in uri:
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return None if "@" in parts.netloc else parts


def _is_custom(parts: SplitResult) -> bool:
    return parts.scheme == CUSTOM_SCHEME and parts.netloc in CUSTOM_HOSTS and parts.path == CALLBACK


def _is_loopback(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"
