"""Plain text in, the same letters in TeX out."""

import unicodedata

from sample_pdfs.typesetting.maths import OPERATORS, SIGNS

SPECIAL = {
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "\u00a0": "~",
    "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "…": r"\ldots{}", "\u2009": r"\,", "‐": "-", "−": "$-$",
    "°": r"\textdegree{}",
}  # fmt: skip
LETTERS = {
    sign: f"${chr(92)}{name}$"
    for name, sign in (SIGNS | OPERATORS).items()
    if name.isalpha() and (ord(sign[0]) > 0xFF or sign in "×·±÷")
}
ACCENTS = {"\u0323": "d", "\u0331": "b", "\u0301": "'", "\u0300": "`", "\u0302": "^", "\u0303": "~"}
LAST_OF_LATEX = "\u017f"  # letters up to here are known to LaTeX's own utf8 tables


def escape(text: str) -> str:
    """Give text that TeX prints as it stands, with signs of maths set as maths.

    Raises:
        ValueError: A straight double quote, which TeX would print as a closing one.
    """
    if '"' in text:
        raise ValueError(f"write “ and ” for a straight quote: {text[:60]!r}")
    return "".join(SPECIAL.get(letter) or LETTERS.get(letter) or _accented(letter) for letter in text)


def _accented(letter: str) -> str:
    """Give a rare accented letter as base and accents ("ạ" -> \\d{a}); any other as it stands."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if letter <= LAST_OF_LATEX or not marks or any(mark not in ACCENTS for mark in marks):
        return letter
    for mark in marks:
        base = f"\\{ACCENTS[mark]}{{{base}}}"
    return base


def escape_code(text: str) -> str:
    """Give code for a typewriter face: no ligature of hyphens or quotes, never hyphenated."""
    quoted = {"-": "-{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}"}
    return "".join(quoted.get(letter) or SPECIAL.get(letter) or letter for letter in text)
