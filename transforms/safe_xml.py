"""XML of strangers to a tree: no entities expanded, no address opened, no more depth or text than the parser bounds.

Called by `paging` and `sitemaps`; feeds' items are read by `xml_feed`.
"""

from __future__ import annotations

import re

from lxml import etree


def read_tree(payload: bytes) -> etree._Element | None:
    """Return the root of what can be read as XML, mended where it is broken; None for anything else.

    Entities stay unexpanded, so that a bomb of them costs nothing.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(payload.lstrip(), parser)
    except (etree.LxmlError, ValueError):
        return None


def local_name(element: etree._Element) -> str:
    """Return an element's name in lower case without its namespace; empty for what is no element."""
    # a prefix that the document never declared stays in the name, which lxml's own QName refuses
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""
