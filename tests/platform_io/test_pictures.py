"""Pictures come out small, upright and silent about their maker; nothing that is picked can break anything."""

import io
import random
import threading
import zlib
from struct import pack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from app.domain.attachments import MEGABYTE, AttachmentProblem, Prepared
from app.platform import picture_rules
from app.platform.pictures import prepare, prepared

pytestmark = pytest.mark.filterwarnings(
    "ignore::UserWarning:PIL", "ignore::PIL.Image.DecompressionBombWarning"
)
GPS, ORIENTATION, ARTIST = 0x8825, 0x0112, 0x013B


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def photo(width: int = 400, height: int = 300, format: str = "JPEG", **options: Any) -> bytes:
    """A picture with a red left half and a noisy right half."""
    image = Image.effect_noise((width, height), 80).convert("RGB")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height), "red")
    return encoded(image, format, **options)


def told(orientation: int = 1) -> Image.Exif:
    """What a phone writes into a photo."""
    exif = Image.Exif()
    exif[ARTIST], exif[ORIENTATION] = "Aino Virtanen", orientation
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (60.98, 0.0, 0.0)
    return exif


def ready(name: str, data: bytes) -> tuple[Prepared, Image.Image]:
    got = prepared(name, data)
    assert isinstance(got, Prepared), got
    return got, Image.open(io.BytesIO(got.data))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "MPO"])
def test_photos_of_every_kind_come_out_as_small_jpegs(format: str) -> None:
    got, image = ready("kuva.xyz", photo(2600, 1300, format))
    assert (got.name, got.content_type, image.format) == ("kuva.jpg", "image/jpeg", "JPEG")
    assert image.size == (2000, 1000)
    assert len(got.data) <= MEGABYTE


def test_a_small_picture_is_not_blown_up() -> None:
    assert ready("a.jpg", photo(40, 30))[1].size == (40, 30)


def test_nothing_of_the_maker_and_the_place_is_left() -> None:
    data = photo(exif=told(), comment=b"Salainen", xmp=b"<x:xmpmeta>Aino</x:xmpmeta>")
    assert b"Virtanen" in data
    got, image = ready("a.jpg", data)
    assert not any(word in got.data for word in (b"Virtanen", b"Salainen", b"xmpmeta", b"Exif", b"Aino"))
    assert (dict(image.getexif()), image.getexif().get_ifd(GPS)) == ({}, {})
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive"}


def test_a_photo_with_broken_notes_is_still_a_photo() -> None:
    data = photo(exif=told(6))
    start = data.index(b"Exif\0\0") + 14
    for at in range(start, start + 40):
        assert ready("a.jpg", data[:at] + b"\xff" + data[at + 1 :])[1].size in ((400, 300), (300, 400))


def test_texts_in_a_png_are_not_left_either() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Aino Virtanen")
    drawing = Image.new("RGB", (20, 20), "white")
    got, image = ready("a.png", encoded(drawing, "PNG", pnginfo=notes, exif=told()))
    assert (image.info, b"Virtanen" in got.data) == ({}, False)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_the_right_way(orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = Image.open(io.BytesIO(photo(400, 300)))
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    image = ready("a.jpg", encoded(stored, "JPEG", exif=told(orientation)))[1]
    left, right = image.getpixel((50, 150)), image.getpixel((350, 150))
    assert image.size == (400, 300)
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 200
    assert left[1] < 60
    assert abs(right[0] - right[1]) < 60


def test_a_drawing_stays_sharp_and_see_through_as_png() -> None:
    drawing = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    ImageDraw.Draw(drawing).rectangle((10, 10, 50, 50), "blue")
    got, image = ready("piirros.webp", encoded(drawing, "WEBP", lossless=True))
    assert (got.name, got.content_type, image.mode) == ("piirros.png", "image/png", "RGBA")
    assert image.getpixel((100, 100)) == (0, 0, 0, 0)


def test_a_large_see_through_photo_is_put_on_white() -> None:
    noisy = Image.effect_noise((1500, 1500), 90).convert("RGBA")
    noisy.putalpha(Image.linear_gradient("L").resize((1500, 1500)))
    got, image = ready("a.png", encoded(noisy, "PNG"))
    assert (got.content_type, len(got.data) <= MEGABYTE) == ("image/jpeg", True)
    assert image.getpixel((700, 0)) >= (240, 240, 240)


def test_pure_noise_still_gets_small() -> None:
    noise = Image.frombytes("RGB", (2000, 2000), random.Random(1).randbytes(12_000_000))
    assert len(ready("a.png", encoded(noise, "PNG"))[0].data) <= MEGABYTE


def test_wide_colours_are_brought_into_srgb() -> None:
    lab = ImageCms.createProfile("LAB")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert ready("a.jpg", photo(icc_profile=profile))[1].info.get("icc_profile") is None
    for broken in (b"not a profile", ImageCms.ImageCmsProfile(lab).tobytes()):
        assert ready("a.jpg", photo(icc_profile=broken))[1].info.get("icc_profile") is None


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "I;16", "1"])
def test_pictures_of_every_colour_model_are_taken(mode: str) -> None:
    source = Image.linear_gradient("L")
    image = (
        source.convert("I").point(lambda v: v * 257).convert("I;16")
        if mode == "I;16"
        else source.convert(mode)
    )
    result = ready("a.png", encoded(image, "PNG"))[1].convert("L")
    assert result.getpixel((128, 2)) < 30  # type: ignore[operator]
    assert result.getpixel((128, 253)) > 220  # type: ignore[operator]


def test_a_cmyk_jpeg_is_taken() -> None:
    assert ready("a.jpg", encoded(Image.new("CMYK", (30, 30), (0, 255, 255, 0)), "JPEG"))[1].mode == "RGB"


def test_a_pdf_passes_as_it_is() -> None:
    data = b"\xef\xbb\xbf%PDF-1.7 ...."
    assert prepared("../Todistus.PDF", data) == Prepared("Todistus.pdf", "application/pdf", data)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", AttachmentProblem.EMPTY),
        (b"MZ\x90\x00", AttachmentProblem.WRONG_TYPE),
        (b"GIF89a\x01\x00\x01\x00", AttachmentProblem.WRONG_TYPE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", AttachmentProblem.WRONG_TYPE),
        (b"hello", AttachmentProblem.WRONG_TYPE),
        (b"\xff\xd8\xff", AttachmentProblem.UNREADABLE),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, AttachmentProblem.UNREADABLE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", AttachmentProblem.UNREADABLE),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, AttachmentProblem.UNREADABLE),
        (photo()[:5000], AttachmentProblem.UNREADABLE),
        (photo(format="PNG")[:-2000], AttachmentProblem.UNREADABLE),
    ],
)
def test_what_cannot_be_sent_is_named(data: bytes, problem: AttachmentProblem) -> None:
    assert prepared("a.jpg", data) is problem


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that would need gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    header = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000), (2_000_000_000, 1)])
def test_a_bomb_is_not_opened(size: tuple[int, int]) -> None:
    assert prepared("a.png", bomb(*size)) in (AttachmentProblem.TOO_LARGE, AttachmentProblem.UNREADABLE)


def test_a_file_too_large_to_look_at_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_rules, "MAX_BYTES", 1000)
    assert prepared("a.jpg", photo()) is AttachmentProblem.TOO_LARGE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "AVIF"]), st.integers(0, 2**32), st.integers(1, 40))
def test_damage_anywhere_never_raises(format: str, seed: int, count: int) -> None:
    data, chance = bytearray(photo(60, 40, format)), random.Random(seed)
    for _ in range(count):
        data[chance.randrange(12, len(data))] = chance.randrange(256)
    assert isinstance(prepared("a", bytes(data)), Prepared | AttachmentProblem)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("Kuva iholla.HEIC", "Kuva iholla.jpg"),
        ("C:\\Users\\Aino\\kuva.png", "kuva.jpg"),
        ("/home/aino/kuva", "kuva.jpg"),
        ("äöå (1).jpeg", "äöå (1).jpg"),
        ("..", "jpg.jpg"),
        ("<script>.jpg", "script.jpg"),
        ("", "jpg.jpg"),
        ("a.b.c.jpg", "a.b.c.jpg"),
        ("x" * 300 + ".jpg", "x" * 80 + ".jpg"),
    ],
)
def test_names_are_kept_without_folders_and_oddities(given_name: str, name: str) -> None:
    assert ready(given_name, photo())[0].name == name


async def test_the_work_is_done_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    monkeypatch.setattr(picture_rules, "is_picture", lambda data: bool(threads.append(threading.get_ident())))
    await prepare("a", b"x")
    assert threads != [threading.get_ident()]
