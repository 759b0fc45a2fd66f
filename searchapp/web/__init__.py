"""The web door: a page and an HTTP API over one library. It parses, asks the library, and renders.

`create_app` gives the ASGI application, `serve` runs it. Needs the extra `serve`.
"""
