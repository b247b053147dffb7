"""Take a contribution out of a store; the record and the submitted files stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph import orcid
from pkgraph.contribution import folders, register
from pkgraph.contribution.register import Withdrawal
from pkgraph.contribution.transaction import Transaction
from pkgraph.errors import ConflictError, NotYoursError
from pkgraph.namespaces import REGISTER_GRAPH
from pkgraph.store import OxigraphStore
from pkgraph.validation.changes import check_change

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

    from pkgraph.contribution.register import Contribution
    from pkgraph.validation import Report


def withdraw(  # noqa: PLR0913 - what is withdrawn, by whom, and how
    name: str,
    by: str,
    folder: Path,
    reason: str | None = None,
    *,
    only_own: bool = False,
    wait_s: float | None = None,
) -> Report:
    """
    Take the contribution *name* out of the store in *folder*, unless others rest on it.

    Args:
        name: The name of the contribution, or its address.
        by: The ORCID iD of who withdraws it. It is recorded as claimed.
        folder: The folder of the store.
        reason: Why; it is put on record.
        only_own: Refuse if somebody else contributed it.
        wait_s: How long to wait for others who write to the store, if not a minute.

    Returns:
        What would be wrong with the store without it. If that is anything, nothing was done.

    Raises:
        InputError: There is no store in *folder*.
        NotFoundError: There is no such contribution.
        ParameterError: *by* is no ORCID iD.
        StoreError: The store cannot be opened or written.
        ConflictError: It was withdrawn or replaced already.
        NotYoursError: It is somebody else's, and it must not be.
    """
    who = orcid.parse(by)
    with folders.opened(folder, wait_s=wait_s) as store:
        old = standing(store, folder, name, who if only_own else None)
        transaction = Transaction(store)
        transaction.clear(old.graph)
        report = check_change(transaction.before, (), transaction.removed)
        if report.conforms:
            end = Withdrawal(register.now(), who, f"{old.iri}/withdrawal", reason)
            transaction.insert(REGISTER_GRAPH, old.ending(end, transaction.gone))
            transaction.commit()
    return report


def standing(store: ox.Store, folder: Path, name: str, owner: str | None = None) -> Contribution:
    """
    Return the contribution *name*, whose statements are in *store*.

    If an *owner* is given, the IRI of an ORCID iD, it is to be theirs.

    Raises:
        ConflictError: It was withdrawn or replaced already.
        NotFoundError: There is no such contribution.
        NotYoursError: It is not the owner's.
    """
    found = register.find(OxigraphStore(store, str(folder)), name)
    if owner is not None and found.by != owner:
        raise NotYoursError(
            f"the contribution {found.name} was given by {found.by}, not by {owner}; ask them"
        )
    if found.withdrawal is not None:
        raise ConflictError(
            f"the contribution {found.name} left the store at {found.withdrawal.at}, by "
            f"{found.withdrawal.by}; name one that is in it"
        )
    return found
