"""The package: its metadata, its tables, its rules. The one place from which descriptor, citation and README follow."""

from __future__ import annotations

from pipeline.language import Anchors, License, Package
from schemas.derived import DERIVED
from schemas.doubts import DOUBTS
from schemas.explorer import EXPLORER
from schemas.families import FAMILIES
from schemas.reports import REPORTS
from schemas.rules import RECORDS, RULES

QUOTABLE = (
    ("names", "name"),
    ("wordings", "text"),
    ("sources", "label"),
    ("institutions", "label"),
    ("instruments", "label"),
    ("events", "label"),
    ("roles", "title"),
)
"""Names, titles and short official terms: what a record may say in the words of a source."""

PACKAGE = Package(
    name="secgov",
    title="secgov: an open dataset of global security governance",
    description=(
        "Who proposed or recommended what for global security governance, in which forum, when, to whom, and what became of it: "
        "proposals, recommendations, institutions and events, with the people, instruments, states, places, topics, claims and "
        "sources around them, every statement with its evidence."
    ),
    keywords=(
        "global security governance",
        "international security",
        "multilateralism",
        "BRICS",
        "United Nations",
        "proposals",
        "evidence-anchored data",
    ),
    licenses=(License("CC-BY-4.0", "Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"),),
    contributors=({"title": "The secgov contributors", "roles": ["creator", "curator"]},),
    sources=(
        {
            "title": "China Calls for Strengthened BRICS Cooperation on Counter-Terrorism and Cybersecurity, Says Wang Yi",
            "path": "https://bricsglobal.tv/brics/14883/"
            "china-calls-for-strengthened-brics-cooperation-on-counter-terrorism-and-cybersecurity-says-wang-yi",
        },
        {"title": "Khalid Taimur Akram: Advancing Multilateral Strategies for Global Security Governance (26 December 2024)"},
        {"title": "Every other page that carries a record: the table sources"},
    ),
    records=RECORDS,
    rules=RULES,
    derived=DERIVED,
    reports=REPORTS,
    doubts=DOUBTS,
    anchors=Anchors(source="source", locator="at", passage="passage", sources="sources", digest="sha256", link="link", quotable=QUOTABLE),
    explorer=EXPLORER,
    included=(
        "Proposals by actors with standing to act, and recommendations by those without, on international security and its institutions.",
        "What is needed to read them: bodies, events, texts, people in their public functions, states, places, topics, claims, sources.",
        "What sources assert, praise and criticise, as claims with a speaker.",
    ),
    excluded=(
        "Judgements of the dataset's own on who is right.",
        "The texts of the sources; only short official terms and the ends of passages are quoted.",
        "People in anything but their public functions.",
        "Event data on conflicts; a conflict appears only as context.",
    ),
    families=FAMILIES,
    temporal="Statements of 1975 to 2026; founding and adoption of bodies and texts since 1945",
    spatial="World",
)
