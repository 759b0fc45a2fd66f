"""Text as LaTeX: accents and symbols as commands that every BibTeX knows, other scripts as they are."""

import re
import unicodedata

ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u0304": "=", "\u0307": ".",
    "\u0306": "u", "\u030c": "v", "\u030b": "H", "\u0327": "c", "\u0328": "k", "\u030a": "r", "\u0323": "d",
}  # fmt: skip
SIGNS = {
    "\\": "{\\textbackslash}", "{": "{\\textbraceleft}", "}": "{\\textbraceright}", "~": "{\\textasciitilde}",
    "^": "{\\textasciicircum}", "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_",
    "ß": "{\\ss}", "æ": "{\\ae}", "Æ": "{\\AE}", "œ": "{\\oe}", "Œ": "{\\OE}", "ø": "{\\o}", "Ø": "{\\O}",
    "ł": "{\\l}", "Ł": "{\\L}", "å": "{\\aa}", "Å": "{\\AA}", "ı": "{\\i}", "–": "--", "—": "---",
    "“": "``", "”": "''", "’": "{\\textquoteright}", "‘": "{\\textquoteleft}", "\u00a0": "~",
}  # fmt: skip
# Mathematics that is written as such: no blank inside the dollars, and something that only it has.
MATH = re.compile(r"\$(?=[^$\s])(?=[^$]*[\\^_=()])[^$]*(?<=\S)\$")


def to_latex(text: str) -> str:
    """Give the text as LaTeX of balanced braces; `$…$` that is mathematics stays."""
    parts, at = [], 0
    for found in MATH.finditer(text):
        if found[0].count("{") != found[0].count("}"):
            continue
        parts += [_encoded(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*parts, _encoded(text[at:])])


def _encoded(text: str) -> str:
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text))


def _letter(letter: str) -> str:
    if letter in SIGNS:
        return SIGNS[letter]
    if letter.isascii():
        return letter
    apart = unicodedata.normalize("NFD", letter)
    base, marks = apart[0], apart[1:]
    if not base.isascii() or not base.isalpha() or any(mark not in ACCENTS for mark in marks) or not marks:
        return letter
    for mark in marks:
        accent = ACCENTS[mark]
        base = f"\\{accent}{{{base}}}" if accent.isalpha() or len(base) > 1 else f"\\{accent}{base}"
    return f"{{{base}}}"
