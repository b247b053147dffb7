"""
Verify who signed a nanopublication, and sign one.

The public key stands in the nanopublication itself. So a signature shows that all of it was made by
whoever has the private key; that this is the person whose ORCID iD is given beside it shows only
somebody who knows the key to be theirs.

Signing is left to the package ``nanopub``, verifying is not: its version 2.0.1 does not look at
what the verification says. What it signs is verified here before it is written.

Source:
    Nanopublications, digital signatures: https://nanopub.net/guidelines/working_draft/
    RSASSA-PKCS1-v1_5: https://www.rfc-editor.org/rfc/rfc8017#section-8.2
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

import pyoxigraph as ox

from pkgraph.errors import InputError, MissingDependencyError, TurtleSyntaxError
from pkgraph.intake.source import name
from pkgraph.nanopublications import trusty
from pkgraph.nanopublications.vocabulary import (
    ALGORITHM,
    PUBLIC_KEY,
    SIGNATURE,
    SIGNATURE_TARGET,
    SIGNED_BY,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from Crypto.PublicKey.RSA import RsaKey

    from pkgraph.intake.source import Node
    from pkgraph.nanopublications.parts import Nanopublication

#: The shortest and the longest key that is taken, in bits: a shorter one can be broken, a longer
#: one takes long to verify by.
MIN_BITS: Final = 1024
MAX_BITS: Final = 8192
#: The shortest key that is signed with.
MIN_BITS_TO_SIGN: Final = 2048
#: The longest text of a key or of a signature, and the largest file of a key, in characters.
MAX_CHARACTERS: Final = 16_384

#: What rdflib says of the names in it that ``nanopub`` uses.
_OLD_NAMES: Final = r"(ConjunctiveGraph|Dataset\.\w+) is deprecated"


@dataclass(frozen=True, slots=True)
class Signature:
    """
    A signature that is valid.

    ``signers`` are who is said to have signed; ``key`` is the SHA-256 fingerprint of the public
    key, in hexadecimal digits, by which it is known again.
    """

    signers: tuple[str, ...]
    key: str


class Signed(NamedTuple):
    """What ``nanopub`` signs with: public key and signature in Base64, and its trusty code."""

    public_key: str
    signature: str
    code: str


def verify(
    nanopublication: Nanopublication, code: str, file: str | None = None
) -> Signature | None:
    """
    Return the signature of *nanopublication*, whose trusty URI ends in *code*; None if unsigned.

    Raises:
        TurtleSyntaxError: The signature is not valid, or not whole.
        MissingDependencyError: It cannot be verified, since a package is missing.
    """
    found = [quad for quad in nanopublication.information if quad.predicate == SIGNATURE]
    if not found:
        return None
    iri = nanopublication.iri

    def refuse(reason: str) -> NoReturn:
        raise TurtleSyntaxError(f"the nanopublication <{iri.value}> {reason}", file=file)

    if len(found) > 1:
        refuse("has more than one signature; fetch it again from where it was published")
    about = [quad for quad in nanopublication.information if quad.subject == found[0].subject]
    targets, algorithms, keys = (
        [quad.object for quad in about if quad.predicate == predicate]
        for predicate in (SIGNATURE_TARGET, ALGORITHM, PUBLIC_KEY)
    )
    if targets != [iri] or algorithms != [ox.Literal("RSA")] or len(keys) != 1:
        refuse("is not signed by one key of RSA for itself; have it signed anew by RSA")
    key = _public_key(_text(keys[0]))
    if key is None:
        refuse(
            f"is signed by what is no RSA key of {MIN_BITS} to {MAX_BITS} bits; have it signed anew"
        )
    signed = trusty.normal_form((q for q in nanopublication.quads if q != found[0]), code)
    if not _is_signed(signed, _text(found[0].object), key):
        refuse("has a signature that does not fit its statements and its key; do not use it")
    signers = sorted(_text(quad.object) for quad in about if quad.predicate == SIGNED_BY)
    fingerprint = hashlib.sha256(key.export_key("DER")).hexdigest()
    return Signature(tuple(signers), fingerprint)


def _text(node: Node | ox.Triple) -> str:
    """Return the text of a literal or an IRI."""
    return node.value if isinstance(node, ox.Literal) else name(node)


def _public_key(text: str) -> RsaKey | None:
    """Return the key that *text* has in Base64; None if there is none, or not of a good size."""
    with _needing_nanopub():
        from Crypto.PublicKey import RSA
    if len(text) > MAX_CHARACTERS:
        return None
    try:
        key = RSA.import_key(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, IndexError, TypeError):
        return None
    return key if MIN_BITS <= key.size_in_bits() <= MAX_BITS and key.e < 1 << 32 else None


def _is_signed(text: str, signature: str, key: RsaKey) -> bool:
    """Tell whether *signature*, in Base64, is that of *text* by *key*."""
    from Crypto.Hash import SHA256
    from Crypto.Signature import pkcs1_15

    if len(signature) > MAX_CHARACTERS:
        return False
    try:
        signed = base64.b64decode("".join(signature.split()), validate=True)
        pkcs1_15.new(key).verify(SHA256.new(text.encode()), signed)
    except (ValueError, binascii.Error):
        return False
    return True


def read_key(path: Path) -> RsaKey:
    """
    Return the private key in the file at *path*: PEM, or the bare Base64 that ``nanopub`` keeps.

    Raises:
        InputError: There is no private key of RSA in it that can be signed with.
        MissingDependencyError: The package that reads keys is missing.
    """
    with _needing_nanopub():
        from Crypto.PublicKey import RSA
    try:
        with path.open("rb") as file:
            content = file.read(MAX_CHARACTERS + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the key {path} cannot be read, {reason}; check its name") from None
    try:
        key = RSA.import_key(
            content if content.startswith(b"-----") else base64.b64decode(content, validate=False)
        )
    except (ValueError, IndexError, TypeError):
        # What the file has is told to nobody, so the message does not say more.
        raise InputError(
            f"{path} has no private key of RSA in PEM without a password; make one with: "
            "openssl genrsa -out FILE 2048"
        ) from None
    if not key.has_private():
        raise InputError(f"{path} has a public key; name the file with the private one")
    if not MIN_BITS_TO_SIGN <= key.size_in_bits() <= MAX_BITS:
        raise InputError(
            f"the key {path} has {key.size_in_bits()} bits; sign with one of {MIN_BITS_TO_SIGN} to "
            f"{MAX_BITS}"
        )
    return key


def sign(quads: Iterable[ox.Quad], signer: str, key: RsaKey) -> Signed:
    """
    Have the package ``nanopub`` sign the nanopublication *quads* with *key*.

    Args:
        quads: A nanopublication under a name that ``nanopub`` takes for one for the time being.
        signer: The IRI of whoever has the key.
        key: The private key.

    Raises:
        MissingDependencyError: The package is missing.
    """
    import rdflib

    with _needing_nanopub(), _as_nanopub_has_it():
        from nanopub.nanopub import Nanopub
        from nanopub.nanopub_conf import NanopubConf
        from nanopub.profile import Profile

        lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
        dataset = rdflib.ConjunctiveGraph()
        dataset.parse(data=lines.decode(), format="nquads")
        private = base64.b64encode(key.export_key("DER", pkcs=8)).decode()
        signed = Nanopub(rdf=dataset, conf=NanopubConf(profile=Profile(signer, "", private)))
        signed.sign()
        code = trusty.code_of(str(signed.source_uri))
        return Signed(str(signed.metadata.public_key), str(signed.metadata.signature), str(code))


@contextmanager
def _needing_nanopub() -> Iterator[None]:
    """
    Say what to install if a package is missing.

    Raises:
        MissingDependencyError: One is.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"signatures of nanopublications need a package that is not there, {error.name}; "
            "install it with: pip install 'pkgraph[nanopub]'"
        ) from None


@contextmanager
def _as_nanopub_has_it() -> Iterator[None]:
    """
    Let literals be as they are written and old names be used, but for the time being only.

    ``nanopub`` 2.0.1 does the first for the whole process and for good as it is imported, and
    rdflib warns of the second.
    """
    import rdflib

    before = rdflib.NORMALIZE_LITERALS
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", _OLD_NAMES, DeprecationWarning)
            rdflib.NORMALIZE_LITERALS = False
            yield
    finally:
        rdflib.NORMALIZE_LITERALS = before
