"""The references that several tables use, named once."""

from __future__ import annotations

from typing import Annotated

from pipeline.language import Code, Ref

ToInstitution = Annotated[str, Ref("institutions")]
ToEvent = Annotated[str, Ref("events")]
ToInstrument = Annotated[str, Ref("instruments")]
ToPerson = Annotated[str, Ref("people")]
ToState = Annotated[str, Ref("states")]
ToPlace = Annotated[str, Ref("places")]
ToTopic = Annotated[str, Ref("topics")]
ToSource = Annotated[str, Ref("sources")]
ToActor = Annotated[str, Ref("states", "institutions", "people")]
ToBody = Annotated[str, Ref("states", "institutions")]
ToWork = Annotated[str, Ref("instruments", "sources")]
ToAny = Annotated[str, Ref()]

Locator = Annotated[str, Code(r"¶[1-9][0-9]*(-[1-9][0-9]*)?|(title|date line|caption|section|article|page|table|annex)( .+)?")]
"""¶ and the number of the non-empty line, or a range; else title, date line, caption, or section, article, page … with its number."""

Language = Annotated[str, Code(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")]
"""A BCP 47 language tag, with script or region where it matters."""

Wikidata = Annotated[str, Code(r"Q[1-9][0-9]*")]
