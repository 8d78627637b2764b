"""The forms a document is written in, each made from its outline or its view."""
