"""A small real PDF of a few lines, written by hand (ISO 32000-1: objects, cross-reference table, trailer)."""

from collections.abc import Sequence


def paper(lines: Sequence[str]) -> bytes:
    """One A4 page; the first line is the heading. Letters of Western Europe only."""
    words = b"\n".join(_line(place, line) for place, line in enumerate(lines))
    content = b"BT\n" + words + b"\nET"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fi) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        font % b"Helvetica-Bold",
        font % b"Helvetica",
    ]
    return _assembled(objects)


def _line(place: int, words: str) -> bytes:
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    font, size = (b"F1", 18) if place == 0 else (b"F2", 12)
    return b"/%s %d Tf 1 0 0 1 60 %d Tm (%s) Tj" % (font, size, 770 - place * 22, escaped)


def _assembled(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer
