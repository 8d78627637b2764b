"""Languages as office programs name them."""

from pipeline.documents.view import Lang

TAGS: dict[Lang, str] = {"sv": "sv-SE", "en": "en-GB"}
