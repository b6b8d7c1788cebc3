"""What was published as a static site: pages that open from any host and straight from a folder, with no request to anywhere.

:func:`site` is handed what it cannot know itself: how things are cited, and the figures behind the pictures that the package declares.
Not one word of the domain stands here; what a page shows follows from the tables and from the package's ``explorer``.
"""

from pipeline.site.write import Refused as Refused
from pipeline.site.write import site as site
