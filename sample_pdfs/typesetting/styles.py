"""What differs between the six styles beyond the LaTeX template: numbers, citations, bibliography."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """One way to print a paper.

    `citation` is "brackets" ([3]), "author-year" ((Cole, 2020)) or "superscript". `reference_order` is
    "cited" or "alphabetical". `numbered_levels` counts the heading levels that bear a number.
    `section` and `table` name the numerals: "arabic" or "roman".
    """

    name: str
    columns: int
    citation: str
    reference_order: str
    reference_layout: str
    numbered_levels: int
    section: str = "arabic"
    table: str = "arabic"
    line_numbers: bool = False
    abstract_runs_in: bool = False  # "Abstract." begins the text rather than standing over it
    glyph_names: bool = False  # ToUnicode maps for every font, as some publishers ask for


STYLES = {
    style.name: style
    for style in (
        Style("conf2", 2, "author-year", "alphabetical", "year-first", 3, glyph_names=True),
        Style(
            "journal2",
            2,
            "brackets",
            "cited",
            "quoted",
            3,
            section="roman",
            table="roman",
            abstract_runs_in=True,
        ),
        Style("one", 1, "brackets", "alphabetical", "plain", 2, abstract_runs_in=True),
        Style("review", 1, "author-year", "alphabetical", "plain", 3, line_numbers=True, glyph_names=True),
        Style("review2", 2, "brackets", "cited", "plain", 3, line_numbers=True),
        Style("book", 1, "superscript", "alphabetical", "plain", 1),
    )
}
