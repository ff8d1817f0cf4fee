"""What one source's server needs that others do not; TLS is strict unless it is said here."""

import ssl
from dataclasses import dataclass

import httpx

from jobs.page import Untrusted

# ssl.OP_LEGACY_SERVER_CONNECT, which Python names from 3.12 on
_LEGACY_RENEGOTIATION = 0x4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    extra_ca: str = ""  # PEM: what the server forgets to send, or its own root
    insecure: bool = False  # whoever answers is believed: only by an admin's word, and shown
    legacy_renegotiation: bool = False  # servers older than RFC 5746


STRICT = Tls()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Holds for `host` alone: a redirect to another server finds the usual rules."""

    host: str = ""
    tls: Tls = STRICT
    to_http: bool = False  # a redirect from https to http is followed
    user_agent: str = ""  # instead of our own


USUAL = Access()


def strict_context() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def adapted(context: ssl.SSLContext, tls: Tls) -> ssl.SSLContext:
    """The same context, made to suit one server. Raises Untrusted when the PEM is none."""
    if tls.extra_ca:
        try:
            # what people write around a certificate need not be ASCII
            context.load_verify_locations(cadata=tls.extra_ca.encode("ascii", "ignore").decode())
        except ssl.SSLError as error:
            reason = "Chứng thư bổ sung của nguồn tin không đúng dạng PEM."
            raise Untrusted(reason) from error
        # a certificate that an admin vouches for needs no other above it
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if tls.legacy_renegotiation:
        context.options |= _LEGACY_RENEGOTIATION
    if tls.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
