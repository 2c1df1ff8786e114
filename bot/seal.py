"""Encrypting what must not be readable in the database or in a link: nobody reads or forges it."""

import base64
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import BuyinError

if TYPE_CHECKING:  # the library takes 8 MB, and is needed once somebody connects a calendar
    from cryptography.fernet import Fernet

FEEDS, LINKS = "feeds", "links"
"""What is sealed for one purpose is not opened for another."""


class SealBroken(BuyinError):
    """What is sealed was sealed with another key, or is damaged."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Encrypts words with a key made of `secret`; without one, with a key of this process alone."""

    secret: str = field(default_factory=secrets.token_urlsafe, repr=False)

    def close(self, words: str, purpose: str) -> str:
        """Return `words` encrypted and signed, for an address or a column."""
        return self._key(purpose).encrypt(words.encode()).decode("ascii")

    def open(self, sealed: str, purpose: str) -> str:
        """Return the words that `close` was given.

        Raises:
            SealBroken: if this key did not seal them for this purpose.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._key(purpose).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken("sealed with another key") from None

    def _key(self, purpose: str) -> "Fernet":
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        made = HKDF(SHA256(), 32, salt=None, info=f"buyin:{purpose}".encode())
        return Fernet(base64.urlsafe_b64encode(made.derive(self.secret.encode())))
