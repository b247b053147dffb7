"""
Readings of the tables behind the authority file: what a cell means, where it takes a person to say.

Everything here is a judgement of the compilers, written once and read by
``import_authority_file.py``. A slug is the last part of an IRI; what is not listed is taken as the
table has it.
"""

from __future__ import annotations

from typing import Final

#: Code lists: slug → (label, where the codes were taken from and the licence stated there).
CODE_LISTS: Final = {
    "cow": (
        "Correlates of War country codes",
        "From lists of country codes in the packages histwardb (MIT) and countrycode (GPL-3).",
    ),
    "cow-igo": (
        "Correlates of War, intergovernmental organizations",
        "Version 3, from the package igoR (GPL-3); it numbers organizations, not operations.",
    ),
    "dpo": (
        "UN open data, peace operations of DPPA and DPO",
        "Identifiers of the data set DPPADPOSS-PKO; terms of use of the United Nations.",
    ),
    "geo-pko": (
        "Geo-PKO",
        "Mission names of the deployment data set of Uppsala; GPL-2, asks to be cited.",
    ),
    "gw": (
        "Gleditsch-Ward state codes",
        "From lists of country codes in the packages histwardb (MIT) and countrycode (GPL-3).",
    ),
    "ipi": (
        "IPI Peacekeeping Database",
        (
            "Mission codes of the troop contributions of the International Peace Institute; "
            "no licence stated."
        ),
    ),
    "iso-3166-1-alpha-2": (
        "ISO 3166-1 alpha-2",
        (
            "From the data package country-codes (PDDL); codes of former states from pycountry "
            "(ISO 3166-3). XK is user-assigned."
        ),
    ),
    "iso-3166-1-alpha-3": (
        "ISO 3166-1 alpha-3",
        (
            "From the data package country-codes (PDDL); codes of former states from pycountry "
            "(ISO 3166-3). XKX is user-assigned."
        ),
    ),
    "m49": (
        "UN M49",
        (
            "Numbers of the UN Statistics Division, from the package country-codes (PDDL); those "
            "of former states from a member-state file of the UN library."
        ),
    ),
    "mida": (
        "MIDA, Military Interventions Database",
        "The list has no identifiers, so the name of the mission stands for one; MIT.",
    ),
    "pact": (
        "PACT, Peacekeeping Activities",
        "Mission names of version 2.0 and of its list of operations; MIT.",
    ),
    "pkoc": (
        "Peacekeeping Operations Corpus",
        "Mission names in the reports of the Secretary-General; no licence stated.",
    ),
    "tamm": (
        "TAMM, Tasks in Mandates of Missions",
        "Mission names of a data set of mandates; no licence stated.",
    ),
    "tppkm": (
        "Third-Party Peacekeeping Missions 3.1",
        (
            "Observation numbers of Mullenbach's data, where a mission counts once for each host "
            "or phase; GPL-3 where it was taken from."
        ),
    ),
    "tppkm-later": (
        "Third-Party Peacekeeping Missions, later file",
        "A later file of 222 rows of the same data set, with other numbers; no licence stated.",
    ),
    "un-contrib": (
        "UN contributions of personnel",
        "Mission names in a table of monthly contributions of uniformed personnel; MIT.",
    ),
    "un-mission-leaders": (
        "UN mission leaders",
        "Mission names in a file of heads of missions; no licence stated.",
    ),
    "unpmm": (
        "UN Peace Mission Mandates 2.0",
        "Mission numbers (mission_id); no licence stated.",
    ),
}

#: Lists without codes on which records rest: slug of the work → label.
LISTS: Final = {
    "admission-dates": "list of dates of admission to the UN",
    "ballesteros-crosswalk": "crosswalk of conflicts and missions (Ballesteros)",
    "country-codes": "country-codes (data package)",
    "countrycode": "countrycode (R package)",
    "dpo-list-2018": "DPO list of operations 2018",
    "histwardb": "histwardb crosswalk",
    "non-un-missions": "encyclopedia list of non-UN missions",
    "pycountry": "pycountry (ISO 3166-3)",
    "un-library-members": "UN library file of member states",
}

#: Organizations that lead operations and that no encoded source names: slug → (class, names).
ORGANIZATIONS: Final = {
    "african-union": ("RegionalOrganization", ("African Union", "AU")),
    "cemac": ("RegionalOrganization", ("CEMAC", "Central African Economic and Monetary Community")),
    "cen-sad": ("RegionalOrganization", ("CEN-SAD", "Community of Sahel-Saharan States")),
    "cis": ("RegionalOrganization", ("CIS", "Commonwealth of Independent States")),
    "commonwealth": ("IntergovernmentalOrganization", ("Commonwealth",)),
    "east-african-community": ("RegionalOrganization", ("East African Community", "EAC")),
    "eccas": ("RegionalOrganization", ("ECCAS", "Economic Community of Central African States")),
    "g5-sahel": ("RegionalOrganization", ("G5 Sahel", "Group of Five for the Sahel")),
    "igad": ("RegionalOrganization", ("IGAD", "Intergovernmental Authority on Development")),
    "lake-chad-basin-commission": ("RegionalOrganization", ("Lake Chad Basin Commission",)),
    "league-of-arab-states": ("RegionalOrganization", ("League of Arab States", "LAS")),
    "oas": ("RegionalOrganization", ("OAS", "Organization of American States")),
    "oau": ("RegionalOrganization", ("OAU", "Organization of African Unity")),
    "oecs": ("RegionalOrganization", ("OECS", "Organisation of Eastern Caribbean States")),
    "osce": (
        "RegionalOrganization",
        ("OSCE", "Organization for Security and Co-operation in Europe", "CSCE"),
    ),
    "pacific-islands-forum": ("RegionalOrganization", ("Pacific Islands Forum",)),
    "sadc": ("RegionalOrganization", ("SADC", "Southern African Development Community")),
    "weu": ("MilitaryAlliance", ("WEU", "Western European Union")),
}

_COALITION: Final = "A coalition that this state led."
_OTHERS: Final = "The list names further parties that are not states or organizations here."
#: The cell lead_org → (actors, note).
LEADS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "African Union": (("organization/african-union",), ""),
    "Australia-led": (("state/australia",), _COALITION),
    "Australia-led coalition": (("state/australia",), _COALITION),
    "CEMAC": (("organization/cemac",), ""),
    "CEN-SAD": (("organization/cen-sad",), ""),
    "CIS": (("organization/cis",), ""),
    "Commonwealth": (("organization/commonwealth",), ""),
    "EC/EU": (("organization/european-union",), "Led by the European Community at first."),
    "ECCAS": (("organization/eccas",), ""),
    "ECOWAS": (("organization/ecowas",), ""),
    "ECOWAS / African Union": (("organization/african-union", "organization/ecowas"), ""),
    "EU": (("organization/european-union",), ""),
    "EU with ASEAN states": (
        ("organization/european-union",),
        "States of ASEAN took part in the lead.",
    ),
    "East African Community": (("organization/east-african-community",), ""),
    "France": (("state/france",), ""),
    "France-led coalition": (("state/france",), _COALITION),
    "G5 Sahel": (("organization/g5-sahel",), ""),
    "Geneva Conference (India, Canada, Poland)": (
        ("state/canada", "state/india", "state/poland"),
        "Set up by the Geneva Conference.",
    ),
    "IGAD": (("organization/igad",), ""),
    "India": (("state/india",), ""),
    "Italy-led": (("state/italy",), _COALITION),
    "Italy-led coalition": (("state/italy",), _COALITION),
    "Kenya-led": (("state/kenya",), _COALITION),
    "LAS-UN/UN": (
        ("organization/league-of-arab-states", "organization/united-nations"),
        "Joint with the League of Arab States at first.",
    ),
    "Lake Chad Basin Commission / African Union": (
        ("organization/african-union", "organization/lake-chad-basin-commission"),
        "",
    ),
    "League of Arab States": (("organization/league-of-arab-states",), ""),
    "Lusaka Agreement parties, OAU": (
        ("organization/oau",),
        "The parties to the Lusaka Agreement shared the lead.",
    ),
    "Malaysia-led": (("state/malaysia",), _COALITION),
    "Morocco-led coalition": (("state/morocco",), _COALITION),
    "NATO": (("organization/nato",), ""),
    "NATO / WEU": (("organization/nato", "organization/weu"), ""),
    "New Zealand-led": (("state/new-zealand",), _COALITION),
    "Nordic countries": ((), "Led by the Nordic countries, which the list does not name."),
    "Norway-led": (("state/norway",), _COALITION),
    "OAS": (("organization/oas",), ""),
    "OAS-UN": (("organization/oas", "organization/united-nations"), ""),
    "OAU": (("organization/oau",), ""),
    "OAU/AU": (
        ("organization/african-union", "organization/oau"),
        "Led by the OAU, then by the African Union.",
    ),
    "OECS with United States": (("organization/oecs", "state/united-states"), ""),
    "OSCE": (("organization/osce",), ""),
    "Pacific Islands Forum": (("organization/pacific-islands-forum",), ""),
    "Paris Accords (Canada/Iran, Hungary, Indonesia, Poland)": (
        ("state/canada", "state/hungary", "state/indonesia", "state/iran", "state/poland"),
        "Set up by the Paris Accords; the list gives Canada and Iran as alternatives.",
    ),
    "Russian Federation, Georgia, North and South Ossetia": (
        ("state/georgia", "state/russian-federation"),
        _OTHERS,
    ),
    "Russian Federation, Moldova, Transdniestria (Ukraine observers)": (
        ("state/republic-of-moldova", "state/russian-federation"),
        f"{_OTHERS} Ukraine sent observers.",
    ),
    "SADC": (("organization/sadc",), ""),
    "SADC (South Africa, Botswana)": (
        ("organization/sadc", "state/botswana", "state/south-africa"),
        "",
    ),
    "South Africa": (("state/south-africa",), ""),
    "Sweden, Switzerland, Poland, Czechoslovakia": (
        ("state/czechoslovakia", "state/poland", "state/sweden", "state/switzerland"),
        "",
    ),
    "UN": (("organization/united-nations",), ""),
    "United Kingdom-led": (("state/united-kingdom",), _COALITION),
    "United States, Egypt, Israel": (("state/egypt", "state/israel", "state/united-states"), ""),
    "United States, France, Italy": (("state/france", "state/italy", "state/united-states"), ""),
    "United States, France, Italy, United Kingdom": (
        ("state/france", "state/italy", "state/united-kingdom", "state/united-states"),
        "",
    ),
    "United States-led": (("state/united-states",), _COALITION),
    "United States-led coalition": (("state/united-states",), _COALITION),
    "WEU": (("organization/weu",), ""),
    "coalition": ((), "Led by a coalition; the list names no state."),
    "coalition of six African states": (
        (),
        "Led by a coalition of six African states, which the list does not name.",
    ),
    "coalition under the Board of Peace": (
        (),
        "Led by a coalition under the Board of Peace; the list names no state.",
    ),
    "coalition; NATO from 2003-08-11": (
        ("organization/nato",),
        "Led by a coalition until NATO took over on 11 August 2003.",
    ),
}

#: Names of political missions that the table shouts: acronym → label. The others keep theirs.
MISSION_LABELS: Final = {
    "INTERNATIONAL COMMISSION OF INQUIRY": "International Commission of Inquiry on Guinea",
    "MEDIATOR IN PALESTINE": "UN Mediator in Palestine",
    "OPCW-UN JOINT MISSION": "OPCW-UN Joint Mission",
    "OSEB/OSESG-B": "OSESG-B",
    "PERSONAL ENVOY GREECE/MACEDONIA": "Personal Envoy Greece/Macedonia",
    "PERSONAL ENVOY MOZAMBIQUE": "Personal Envoy Mozambique",
    "PERSONAL ENVOY WESTERN SAHARA": "Personal Envoy Western Sahara",
    "PERSONAL REPRESENTATIVE GUYANA/VENEZUELA": "Personal Representative Guyana/Venezuela",
    "SPECIAL ADVISER CYPRUS": "Special Adviser Cyprus",
    "SPECIAL ENVOY MIDDLE EAST": "Special Envoy Middle East",
    "SPECIAL ENVOY MYANMAR": "Special Envoy Myanmar",
    "SPECIAL ENVOY SUDAN/SOUTH SUDAN": "Special Envoy Sudan/South Sudan",
    "SPECIAL ENVOY SYRIA": "Special Envoy Syria",
    "Special Representative on Afghanistan": "Personal Representative in Afghanistan",
    "UN COMMISSION OF INQUIRY": "UN Commission of Inquiry on the killing of Benazir Bhutto",
    "UN VERIFICATION MISSION COLOMBIA": "UN Verification Mission Colombia",
}

#: Names in capitals that are words, not acronyms.
WORDS: Final = frozenset({"ATALANTA"})

#: Names of states: key → (label, other names). The others keep what the table calls them.
STATES: Final = {
    "bolivia": ("Bolivia", ("Bolivia (Plurinational State of)",)),
    "germany-federal-republic": (
        "Federal Republic of Germany (to 1990)",
        ("Germany, Federal Republic of", "West Germany"),
    ),
    "iran": ("Iran", ("Iran (Islamic Republic of)",)),
    "micronesia": ("Micronesia", ("Micronesia (Federated States of)",)),
    "palestine": ("State of Palestine", ("Palestine",)),
    "russian-federation": ("Russia", ("Russian Federation",)),
    "serbia-and-montenegro": (
        "Serbia and Montenegro",
        ("Federal Republic of Yugoslavia", "State Union of Serbia and Montenegro"),
    ),
    "united-kingdom": (
        "United Kingdom",
        ("United Kingdom of Great Britain and Northern Ireland", "Britain", "UK"),
    ),
    "united-states": ("United States", ("United States of America", "US", "USA")),
    "ussr": ("Soviet Union", ("Union of Soviet Socialist Republics", "USSR")),
    "venezuela": ("Venezuela", ("Venezuela (Bolivarian Republic of)",)),
    "viet-nam": ("Viet Nam", ("Vietnam",)),
    "viet-nam-north": ("North Viet Nam", ("Viet Nam, Democratic Republic of",)),
    "viet-nam-south": ("South Viet Nam", ("Viet Nam, Republic of",)),
    "yemen-arab-republic": ("Yemen Arab Republic", ("North Yemen",)),
    "yemen-democratic": ("Democratic Yemen", ("South Yemen",)),
    "yugoslavia": ("Yugoslavia", ("Socialist Federal Republic of Yugoslavia",)),
}

_SHARED: Final = "A current state has the same ISO codes."
#: What a reader of a state has to know: key → note.
STATE_NOTES: Final = {
    "germany-federal-republic": f"{_SHARED} No list gave a Wikidata item.",
    "holy-see": "The Wikidata item is that of Vatican City.",
    "kosovo": "Neither member nor observer of the UN. ISO and M49 assign no code to it: XK and "
    "XKX are user-assigned, as data sets on operations write them.",
    "netherlands": "The Wikidata item is that of the Kingdom.",
    "serbia": "The UN date is that of the Federal Republic of Yugoslavia.",
    "serbia-and-montenegro": "Called Federal Republic of Yugoslavia to 3 February 2003. Shares its "
    "COW and GW codes with Yugoslavia.",
    "russian-federation": "The UN date is that of the Soviet Union, whose membership it continues.",
    "united-arab-republic": "Union of Egypt and Syria to 27 September 1961, then a name of Egypt. "
    "Coded as Egypt.",
    "ussr": "The start in 1922 is general knowledge; COW and GW keep the code from 1816.",
    "viet-nam": "GW gives 815 in one of the lists.",
    "yemen": "GW runs its code from 1918.",
    "yemen-arab-republic": _SHARED,
    "yugoslavia": "The start is the date of UN membership. COW and GW run the code longer.",
    "zaire": "A name that the Democratic Republic of the Congo had, not another state.",
}

#: Territories that encoded sources name otherwise than the table: key → slug of the place.
TERRITORIES: Final = {
    "bosnia-and-herzegovina": "bosnia",
    "congo": "congo-brazzaville",
    "democratic-republic-of-the-congo": "congo",
    "timor-leste": "east-timor",
    "viet-nam": "vietnam",
}

#: Notes on codes: pattern of the table's remark → what the graph says (None: nothing to say).
CODE_NOTES: Final[tuple[tuple[str, str | None], ...]] = (
    (r"in the list of 71 only", "In its list of operations; no activities are coded."),
    (r"coded for activities in PACT 2\.0", "Its activities are coded."),
    (r"code is the mission name.*", None),
    (
        r"start year (\d+) in (\S+), \d+ in the table; .*",
        (
            r"\2 lets it start in \1, and lists "
            "it twice (10 and 49)."
        ),
    ),
    (r"start year (\d+) in (\S+), \d+ in the table", r"\2 lets it start in \1."),
    (r"end year (\d+) in (\w+), \d+ in the table", r"\2 lets it end in \1."),
    (r"combined entry.*", "One entry for several operations, which have entries of their own too."),
    (r"months (\S+) to (\S+) of (\w+) missions.*", r"Covers \3 operations, from \1 to \2."),
    (r"(Chad|Central African Republic|Abkhazia|South Ossetia) part.*", r"The part in \1."),
    (
        r"COW code (\d+) in the source row is wrong.*",
        r"The list gives the host a wrong COW code, \1.",
    ),
    (r"Nicaragua only, April-July (\d+).*", r"Only in Nicaragua, April to July \1."),
    (
        r"(Bosnia and Herzegovina|Croatia|Macedonia) command; coded to (\S+),.*",
        (
            r"The command in \1, "
            r"coded until \2."
        ),
    ),
    (r"(Bosnia and Herzegovina|Croatia|Macedonia) command", r"The command in \1."),
    (r"Symbolic Arab Security Force.*", "The Symbolic Arab Security Force, its first phase."),
    (r"Arab Deterrent Force proper, from (\S+)", r"The force under its later name, from \1."),
    (
        r"(Croatia|Slovenia|Bosnia and Herzegovina|Albania|Macedonia) component.*",
        r"The part in \1.",
    ),
    (r"phase before NATO command \(to (\S+)\)", r"The time before NATO took command, to \1."),
    (r"phase under NATO command \(from (\S+)\)", r"The time under NATO command, from \1."),
    (r"(AMIS|MAES) (I+)", r"The phase \1 \2."),
    (r"(first|second) deployment.*", r"The \1 deployment."),
    (r"acronym of this source|acronym variant of this source", "This list writes it so."),
    (r"rows only for (\d+)", r"Has rows for \1 only."),
    (r"written without the numeral.*", "Written without the numeral."),
    (r"only (\S+) to (\S+?)[;,].*", r"Only the months \1 to \2; others stand under the bare name."),
    (r"written \"UNASOG \" with a trailing blank", "Written with a blank at the end."),
    (r"part of UNMIBH.*|police task force.*", "The police task force within UNMIBH."),
    (r"(\d{4}-\d\d) to (\d{4}-\d\d), before the file uses UNMIBH", r"Used from \1 to \2."),
    (r"misspelt.*|only in report ids", "Occurs only in identifiers of reports."),
    (r"the source lists the mission twice.*", "The list has the operation twice (10 and 49)."),
    (r"acronym of the DPO list.*", "So written in the list of operations of 2018."),
    (r"first row is S/RES/(\d+).*S/RES/(\d+)", r"Begins with resolution \1, before \2."),
    (r"coded SPM.*|noted double.*", "Coded there as a special political mission."),
    (
        (
            r"French acronym; second code.*|same mission and period.*|\d+ months .*French acronym|"
            r"\d+ months of it.*"
        ),
        "The list has it under an English and a French acronym.",
    ),
    (r"still active at the source date.*", "Still at work when the list was made."),
    (r"the code is of the organisation.*", "The code is that of the organization behind it."),
    (r"state field says Abkhazia and South Ossetia.*", "One row for Abkhazia and South Ossetia."),
    (r"an AU mission.*", "An operation of the African Union among those of the UN."),
    (r"coded under its first name, (\w+)", r"Listed under its first name, \1."),
    (r"abbrev says.*", "Called Special Representative in short, Personal Representative in full."),
    (r"starts in (\S+), so.*", r"Starts in \1, with the office before it."),
    (r"acronym given as (\w+)", r"The list writes \1."),
)
#: Qualifications of a relation: (operation, other) → what the source restricts it to.
RELATION_NOTES: Final = {
    ("unprofor", "uncro"): "for Croatia",
    ("unprofor", "unpredep"): "for Macedonia",
    ("unprofor", "ifor"): "for Bosnia and Herzegovina",
    ("unmis", "unisfa"): "for Abyei",
    ("unoci", "licorne"): "which speaks of French forces",
    ("minusma", "serval"): "which speaks of French troops",
    ("minusca", "sangaris"): "which speaks of French forces",
    ("sfor", "eufor-althea"): "together with the headquarters of NATO",
    ("unami", "mnf-iraq"): "by a distinct part of that force",
}
