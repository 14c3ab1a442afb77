"""The text of a PDF, for reading it inside the app: by pypdf, which is pure Python and fetched when it is needed."""

from io import BytesIO


def pages(data: bytes) -> tuple[str, ...]:
    """The text of each page; nothing for one without text. No pages at all for a file that cannot be read."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:  # a browser that was never connected since this was first needed
        return ()
    try:
        return tuple((page.extract_text() or "").strip() for page in PdfReader(BytesIO(data)).pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return ()  # damaged in one of many ways: it can still be saved
