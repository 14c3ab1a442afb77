"""The colours keep WCAG's contrast, in all four palettes."""

import pytest

from app.components.palette import PALETTE
from app.components.theme import GRAPHIC_PAIRS, PALETTES, ROLES, TEXT_PAIRS, contrast_ratio, make_look


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(palette: str, text: str, ground: str) -> None:
    """4.5:1 for text, 7:1 in high contrast."""
    least = 7.0 if palette.startswith("high") else 4.5
    colours = PALETTE[palette]

    assert contrast_ratio(colours[text], colours[ground]) >= least


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("mark", "ground"), GRAPHIC_PAIRS)
def test_borders_and_icons_can_be_seen(palette: str, mark: str, ground: str) -> None:
    """3:1 for what is not text."""
    colours = PALETTE[palette]

    assert contrast_ratio(colours[mark], colours[ground]) >= 3.0


@pytest.mark.parametrize("palette", PALETTES)
def test_each_palette_has_every_role(palette: str) -> None:
    """A region file copied from this palette is complete."""
    assert set(PALETTE[palette]) == set(ROLES)


def test_black_on_white_is_twenty_one() -> None:
    """The formula is WCAG's."""
    assert round(contrast_ratio("#000000", "#ffffff"), 2) == 21.0


def test_an_incomplete_palette_is_refused() -> None:
    """A region without a role is a mistake to be seen at start."""
    with pytest.raises(TypeError):
        make_look({"light": {"primary": "#000000"}})
