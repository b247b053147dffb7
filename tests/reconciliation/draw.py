"""
Draw the sample of messy names by which the matcher is measured: ``python draw.py > sample.csv``.

The rows are drawn by seed from the graph: labels of codes and other names of operations that lead
to one operation, and names of states; and from a list of names in other data sets that are none of
the graph. Two of three get typos. Each row has the name as somebody may have it, the IRI that is
right (none for a name of nothing), the text that was drawn, and which kind of name of which list it
is.
"""

from __future__ import annotations

import csv
import random
import sys
import unicodedata
from collections import defaultdict

from pkgraph import open_graph
from pkgraph.reconciliation import forms, known_names, things

SEED = 1948
SIZES = {"code label": 120, "other name": 20, "state": 35, "unknown": 25}
COLUMNS = ("name", "iri", "drawn", "origin", "scheme")
SHORT, LONG = 5, 16
# What data sets of peace operations have that is no operation of the graph.
UNKNOWN = (
    "TRUCE COMMISSION FOR PALESTINE: Truce Commission for Palestine",
    "UNTEA: United Nations Temporary Executive Authority in West Irian",
    "United Nations Good Offices Committee (UNGOC) military observation mission",
    "United Nations Commission on Indonesia (UNCI) military observation mission",
    "United Nations Commission on Korea (UNCOK) military observation mission",
    "United Nations Commission for the Unification and Rehabilitation of Korea (UNCURK)",
    "Australia-New Zealand police assistance mission in Bougainville (Papua New Guinea)",
    "Australia Police Assistance Mission in Port Moresby, Papua New Guinea",
    "United Nations Military Liaison Team in Cambodia (UNMLT - Cambodia)",
    "Henry Dunant Centre (HDC) Aceh Monitoring Mission (AMM)",
    "European Union Initial Monitoring Presence (EU IMP - Aceh)",
    "Commonwealth Multinational Police Peace Monitoring Group (CMPPMG - Solomon Islands)",
    "Commonwealth Multinational Police Assistance Group (CMPAG - Solomon Islands)",
    "Organization of the Islamic Conference (OIC) Monitoring Team (MT - Philippines)",
    "New Zealand-led Combined Joint Task Force (CJTF - Tonga)",
    "United Nations Special Committee on the Balkans (UNSCOB) military observation mission",
    "Balkan Subcommittee of the United Nations Peace Observation Commission (UNPOC - Greece)",
    "OSCE Presence in Albania / OSCE Border Monitoring Mission on the Albania-Kosovo border",
    "OSCE monitoring mission in Georgia (South Ossetia)",
    "Russia, Ukraine, Moldova military observation mission in Moldova",
    "Italian humanitarian intervention in Albania / Operation Pelican (Albania)",
    "Turkey-led Peace Monitoring Force (PMF - Iraq)",
    "League of Arab States (LAS) Supreme Arab Follow-Up Committee (SAFC - Jordan)",
    "League of Arab States (LAS) military observation mission in North Yemen",
    "Nigerian peacekeeping mission in Chad",
    "Organization of African Union (OAU) peacekeeping mission in Chad (PKM I - Chad)",
    "French peacekeeping mission in Chad / Operation Epervier",
    "Nigerian peacekeeping mission in Tanzania",
    "Nigerian peacekeeping mission in Congo-Kinshasa",
    "French peacekeeping mission in Djibouti",
    "U.S. humanitarian intervention in Liberia / Joint Task Force",
    "Organization of African Unity (OAU) Military Observer Team in Rwanda (MOT - Rwanda)",
    "U.S. humanitarian protection mission in Rwanda / Operation Support Hope",
    "African Union (AU) military observation mission in Burundi",
    "Organization of African Unity (OAU) Observer Mission in Comoros (OMIC II)",
    "Organization of African Unity (OAU) Observer Mission in Comoros (OMIC III)",
    "African Union (AU) Observer Mission in Comoros (OMIC IV)",
    "Economic Community of West African States (ECOWAS) Electoral Security Mission in Togo",
    (
        "United Nations (UN) International Commission for Support and Verification "
        "(UN CIAV - Nicaragua)"
    ),
    "OSCE monitoring mission in South Ossetia / OSCE Mission to Georgia",
    "OSCE Mission to Moldova",
    "Organization of African Union Neutral Force in Chad (OAU NF I - Chad)",
    "Southern Africa Development Community (SADC) Observer Mission in Lesotho (SOMILES)",
    "Joint Verification and Monitoring Mechanism (JVMM)",
    (
        "Community of Sahel-Saharan States (CEN-SAD) peacekeeping mission in the Central African "
        "Republic"
    ),
    "African Union (AU) Military Observer Mission in the Comoros (MIOC)",
    "LBB (Italy, from 1997-04)",
    "UNFOR (Croatia, from 1992-02)",
    "LBB (Italy, 1997-04 to 1997-05)",
    "UNFOR (Croatia, 1996-01 to 1996-02)",
    "UNPF (Croatia, 1996-01 to 1997-11)",
    "UNPF: United Nations Peace Forces",
    "UNOHCI: United Nations Office of the Humanitarian Coordinator in Iraq",
    "UNGCI: United Nations Guards Contingent in Iraq",
    "UNFOR: United Nations Force",
    "UNSCOB: United Nations Special Committee on the Balkans",
    "UNPF (2 appointment-years)",
)


def swap(draw, text):
    """Swap two letters."""
    place = draw.randrange(1, len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def drop(draw, text):
    """Leave a character out."""
    place = draw.randrange(1, len(text))
    return text[:place] + text[place + 1 :]


def double(draw, text):
    """Write a character twice."""
    place = draw.randrange(1, len(text))
    return text[:place] + text[place] + text[place:]


def case(draw, text):
    """Write it in another case."""
    return draw.choice((text.upper(), text.lower(), text.title()))


def bare(_, text):
    """Leave accents out."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def marks(draw, text):
    """Change the marks and spaces."""
    old, new = draw.choice(
        ((" ", "-"), ("-", " "), (" ", "  "), (",", ""), (" ", ". "), ("'", "’"))
    )
    return text.replace(old, new, 1)


MESSES = (swap, drop, double, case, bare, marks)


def messy(draw, text, meanings, answer):
    """Return *text* with one typo, or two if it is long, that make it no name of another thing."""
    while True:
        found = text
        for mess in draw.sample(MESSES, 2 if len(text) >= LONG else 1):
            found = mess(draw, found)
        # A typo in a number makes another name, and one in a short word may make anything.
        if forms.numbers(found) == forms.numbers(text) and (
            meanings.get(forms.key(found), {answer}) == {answer}
        ):
            return found


def main():
    """Print the sample."""
    draw = random.Random(SEED)  # noqa: S311  # a sample, not a secret
    store = open_graph().store
    meant = things(store)
    known = [name for name in known_names(store) if name.iri in meant]
    meanings = defaultdict(set)
    for name in known:
        meanings[forms.key(name.text)].add(name.iri)
    labels = {forms.key(thing.label) for thing in meant.values()}
    pools = {"unknown": [("", text, "") for text in UNKNOWN if forms.key(text) not in meanings]}
    for origin in ("code label", "other name"):
        pools[origin] = sorted(
            {
                (name.iri, name.text, name.scheme)
                for name in known
                if name.origin == origin
                and not meant[name.iri].is_state
                and len(meanings[forms.key(name.text)]) == 1
                and (origin == "code label" or forms.key(name.text) not in labels)
            }
        )
    pools["state"] = sorted((iri, each.label, "") for iri, each in meant.items() if each.is_state)
    rows = []
    for origin, size in SIZES.items():
        for number, (iri, text, scheme) in enumerate(draw.sample(pools[origin], size)):
            clean = len(text) < SHORT or (number % 3 == 0 and origin != "state")
            name = text if clean else messy(draw, text, meanings, iri)
            rows.append((name, iri, text, origin, scheme))
    draw.shuffle(rows)
    csv.writer(sys.stdout, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
