"""Citations for repositories and archives, of the dataset as a whole: CITATION.cff, .zenodo.json and DataCite metadata."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

from secgov._errors import Unavailable
from secgov._styles import one_line
from secgov._work import UNRELEASED, Author, Work


def cff(work: Work) -> str:
    """CITATION.cff 1.2.0, which GitHub and Zotero show."""
    return "\n".join(_cff(work))


def _cff(work: Work) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    if work.unreleased:
        yield f"message: {_yaml(f'This is an {UNRELEASED}; cite a release.')}"
    else:
        yield f"message: {_yaml('If you use this dataset, please cite it with the exact version that you used.')}"
    yield "type: dataset"
    yield f"title: {_yaml(work.title)}"
    yield f"version: {_yaml(work.version)}"
    if work.day:
        yield f"date-released: {work.day}"
    if work.doi:
        yield f"doi: {_yaml(work.doi)}"
    if work.homepage:
        yield f"url: {_yaml(work.homepage)}"
    if work.abstract:
        yield f"abstract: {_yaml(work.abstract)}"
    yield "authors:"
    for author in work.authors:
        yield f"  - {'family-names' if author.given else 'name'}: {_yaml(author.family)}"
        if author.given:
            yield f"    given-names: {_yaml(author.given)}"
    if work.keywords:
        yield "keywords:"
        yield from (f"  - {_yaml(keyword)}" for keyword in work.keywords)
    if work.licence:
        yield f"license: {_yaml(work.licence['name'])}"


def _yaml(text: str) -> str:
    """A text in double quotes, which YAML reads as JSON does when it has no line break in it."""
    return json.dumps(one_line(text), ensure_ascii=False)


def zenodo(work: Work) -> str:
    """.zenodo.json, which overrides CITATION.cff. It has no DOI, since that is what Zenodo gives; its licences are in small letters."""
    return _json(
        {
            "upload_type": "dataset",
            "access_right": "open",
            "title": work.title,
            "version": work.version,
            "publication_date": work.day,
            "description": html.escape(work.abstract, quote=False),
            "creators": [{"name": author.name} for author in work.authors],
            "keywords": list(work.keywords),
            "license": work.licence and work.licence["name"].lower(),
            "notes": UNRELEASED if work.unreleased else None,
        }
    )


def datacite(work: Work) -> str:
    """DataCite 4.5 metadata as JSON; Unavailable for what was not released, since they must have a year."""
    if work.day is None:
        raise Unavailable(f"DataCite metadata need a year of publication, and {work.name} {work.version} was not released")
    licence = work.licence or {}
    rights = {"rights": licence.get("title"), "rightsUri": licence.get("path"), "rightsIdentifier": licence.get("name")}
    return _json(
        {
            "schemaVersion": "http://datacite.org/schema/kernel-4",
            "doi": work.doi,
            "url": work.homepage,
            "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
            "titles": [{"title": work.title}],
            "creators": [_creator(author) for author in work.authors],
            "publisher": {"name": work.publisher},
            "publicationYear": work.year,
            "dates": [{"date": work.day, "dateType": "Issued"}],
            "version": work.version,
            "subjects": [{"subject": keyword} for keyword in dict.fromkeys(work.keywords)],
            "rightsList": [{name: value for name, value in rights.items() if value}] if licence else None,
            "descriptions": [{"description": work.abstract, "descriptionType": "Abstract"}] if work.abstract else None,
        }
    )


def _creator(author: Author) -> dict[str, str]:
    if not author.given:
        return {"name": author.name, "nameType": "Organizational"}
    return {"name": author.name, "nameType": "Personal", "givenName": author.given, "familyName": author.family}


def _json(content: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in content.items() if value}, ensure_ascii=False, indent=2)


DEPOSITS = {"cff": cff, "zenodo": zenodo, "datacite": datacite}
"""The styles in which only the whole can be cited."""
