"""A mail server of our own, and what a person or a scanner does with a letter."""

import email
import email.policy
import html
import re
import threading

from aiosmtpd.controller import Controller

from .environment import free_port


class MailServer:
    """Receives letters by SMTP on a port of its own and keeps them."""

    def __init__(self):
        self.letters = []
        self.arrived = threading.Event()

    async def handle_DATA(self, _server, _session, envelope):
        letter = email.message_from_bytes(
            envelope.original_content, policy=email.policy.default
        )
        self.letters.append((envelope.rcpt_tos, letter))
        self.arrived.set()
        return "250 Kept"

    def __enter__(self):
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()
        return self

    def __exit__(self, *_exception):
        self.controller.stop()


def get_links(letter):
    """The addresses in the HTML part of a letter, in order."""
    body = letter.get_body(preferencelist=("html",)).get_content()
    return [html.unescape(link) for link in re.findall(r'href="([^"]+)"', body)]
