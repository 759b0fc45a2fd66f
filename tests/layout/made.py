"""Lines, rows and sheets made by hand, for rules of layout that need no PDF."""

from searchapp.layout.lines import Line, Sheet, Span, make_line

FONT = "NimbusRomNo9L-Regu"
BOLD = "NimbusRomNo9L-Medi"
WIDTH, HEIGHT = 612.0, 792.0


def line(
    text: str,
    base: float,
    *,
    x0: float = 72.0,
    x1: float = 300.0,
    size: float = 10.0,
    font: str = FONT,
    page: int = 1,
) -> Line:
    """Make a line of one span, its column's edges at 72 and 300 points."""
    made = make_line(page, [Span(text, x0, x1, base, size, font)])
    made.left, made.right = 72.0, 300.0
    return made


def sheet(number: int, lines: list[Line]) -> Sheet:
    for one in lines:
        one.page = number
    return Sheet(number, WIDTH, HEIGHT, lines)


def word(number: int) -> str:
    """Give a word of letters for a number, another for each: no two lines of prose are alike."""
    letters = "abcdefghij"
    return "".join(letters[int(digit)] for digit in str(number))


def prose(
    first: float, count: int, *, seed: int = 0, x0: float = 72.0, x1: float = 300.0, step: float = 12.0
) -> list[Line]:
    """Make full lines of running text from a baseline on."""
    return [
        line(f"the {word(1000 * seed + n)} of this line goes on here", first + step * n, x0=x0, x1=x1)
        for n in range(count)
    ]
