"""Characters as a reader sees them: ligatures, accents of two glyphs, private use, soft hyphens,
letterspacing.

`normal` maps text to text and never drops a letter it knows; what cannot be known becomes U+FFFD, so that a
report can count it. Source of the Symbol and CMEX positions: Adobe's Symbol encoding and Knuth's cmex10
table.
"""

import re
import unicodedata

UNKNOWN = "\ufffd"

_TABLE: dict[int, str | None] = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    0x00A0: " ", 0x2007: " ", 0x2009: " ", 0x200A: " ", 0x202F: " ", 0x2002: " ", 0x2003: " ", 0x2005: " ",
    0x2008: " ", 0x3000: " ", 0x0009: " ", 0x200B: None, 0x200C: None, 0x200D: None,
    0xFEFF: None, 0x2060: None,
    0x2010: "-", 0x2011: "-", 0x02BC: "’",
}  # fmt: skip
_TABLE.update({c: UNKNOWN for c in range(0x20) if c not in (0x09, 0x0A, 0x0D)})
_TABLE[0x0A] = _TABLE[0x0D] = " "
_TABLE.update(dict.fromkeys(range(127, 160), UNKNOWN))

# Private use: the Symbol font (U+F000 + its code), Adobe's small capitals and old-style figures.
_SYMBOL = {
    0x2D: "−", 0x61: "α", 0x62: "β", 0x63: "χ", 0x64: "δ", 0x65: "ε", 0x66: "φ", 0x67: "γ",
    0x68: "η", 0x69: "ι",
    0x6B: "κ", 0x6C: "λ", 0x6D: "μ", 0x6E: "ν", 0x70: "π", 0x71: "θ", 0x72: "ρ", 0x73: "σ",
    0x74: "τ", 0x77: "ω",
    0x78: "ξ", 0x79: "ψ", 0x7A: "ζ", 0x44: "Δ", 0x46: "Φ", 0x47: "Γ", 0x4C: "Λ", 0x50: "Π",
    0x51: "Θ", 0x53: "Σ",
    0x57: "Ω", 0xA3: "≤", 0xA5: "∞", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB9: "≠",
    0xBB: "≈", 0xAE: "→",
    0xAC: "←", 0xCE: "∈", 0xE5: "∑", 0xD7: "⋅", 0xA7: "▪", 0xA8: "■", 0xFC: "✓", 0x76: "❖",
    0xD8: "➢", 0x6F: "○",
}  # fmt: skip
_TABLE.update({0xF000 + c: s for c, s in _SYMBOL.items()})
_TABLE.update({0xF730 + d: str(d) for d in range(10)})  # old-style figures
_TABLE.update({0xF761 + d: chr(0x61 + d) for d in range(26)})  # small capitals
_TABLE[0xF8E7] = "-"
_TABLE.update({c: UNKNOWN for c in range(0xE000, 0xF900) if c not in _TABLE})

_CID = re.compile(r"\(cid:(\d+)\)")
_CMEX = {
    0: "(", 1: ")", 2: "[", 3: "]", 8: "{", 9: "}", 10: "⟨", 11: "⟩", 12: "|", 13: "∥", 16: "(",
    17: ")", 18: "(", 19: ")", 20: "[", 21: "]", 26: "{", 27: "}", 32: "(", 33: ")", 34: "[",
    35: "]", 40: "{", 41: "}", 80: "∑", 81: "∏", 82: "∫", 83: "⋃", 84: "⋂", 88: "∑", 89: "∏",
    90: "∫", 91: "⋃", 92: "⋂",
    98: "\u0302", 99: "", 100: "", 101: "\u0303", 102: "", 103: "",  # hats: those on several letters go
    104: "[", 105: "]", 110: "{", 111: "}", 112: "√", 113: "√", 114: "√",
    115: "√", 116: "√",
}  # fmt: skip
# Wingdings, by the number of the glyph: all that its subsets in PDFs have.
_WINGDINGS = {197: "←", 198: "→", 199: "↑", 200: "↓"}

_COMBINING = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c", "˚": "\u030a",
    "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "˝": "\u030b", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip
_OF_VARIABLES = "ˆ˜¯˙"  # they stand on any letter, where no language has one: "x̄"; "˚C" are degrees
_BEFORE = re.compile(r"([´¨ˆ˜ˇ˚¯˘˙˝]|`(?=[aeiouAEIOU]\w)) ?([^\W\d_])")
_AFTER = re.compile(r"([cCsStTkKlLnNgGrReEaA]) ?([¸˛])")
_ACCENTS = re.compile(r"[´`¨ˆ˜ˇ˚¯˘˙˝¸˛\u0338]")
_STRUCK = re.compile(r"\s?\u0338\s?([=∈⊂⊆∃≡])\s?")  # a stroke, then what it goes through
_NEGATED = {"=": "≠", "∈": "∉", "⊂": "⊄", "⊆": "⊈", "∃": "∄", "≡": "≢"}
_ARROW = re.compile(r"(?<!\w)\u20d7(\w)")
_SPACED = re.compile(r"\b(?:[A-Za-z] ){4,}[A-Za-z]\b")
_STRANGE = re.compile(
    "[\\x00-\\x1f\\x7f-\\xa0\u02bc\u2002-\u2011\u202f\u2060\u3000\ue000-\uf8ff\ufb00-\ufb06\ufeff]"
)


def normal(text: str) -> str:
    """Give the text with its glyphs mapped to plain characters.

    Args:
        text: As the PDF's text layer has it. Soft hyphens stay: the joining of lines needs them.

    Returns:
        The text in composed form (NFC for what was made of two glyphs); U+FFFD for what is unknown.
    """
    if text.isascii():
        if "(cid:" in text:
            text = _CID.sub(lambda m: _CMEX.get(int(m[1]), UNKNOWN), text)
        if text.isprintable():
            return text
    if _STRANGE.search(text):
        text = text.translate(_TABLE)
    if "\u20d7" in text:  # an arrow that was drawn before its letter
        text = _ARROW.sub("\\1\u20d7", text)
    return text


def compose(text: str) -> str:
    """Join an accent and its letter where they came as two glyphs ("Schr¨odinger", "Franc¸ois")."""
    if not _ACCENTS.search(text):
        return text
    if "\u0338" in text:
        text = _STRUCK.sub(lambda m: f" {_NEGATED[m[1]]}" + " " * (m.end() < len(text)), text)
    text = _AFTER.sub(_join_after, text)
    return _BEFORE.sub(_join_before, text)


def knows(font: str) -> bool:
    """Tell whether `named` has the codes of this font."""
    return _codes_of(font) is not None


def _codes_of(font: str) -> dict[int, str] | None:
    name = font.upper()
    if "CMEX" in name:
        return _CMEX
    return _WINGDINGS if re.search(r"WINGDINGS(?![ -]?[23])", name) else None


def named(text: str, codes: str, font: str) -> str:
    """Put the sign that a font's code stands for in place of each U+FFFD.

    Args:
        text: As read; as long as `codes`.
        codes: The same characters with the font's code where one has no name.
        font: Its name decides the table.

    Returns:
        The text; what the table does not have stays U+FFFD.
    """
    table = _codes_of(font)
    if table is None:
        return text
    return "".join(
        table.get(ord(c), UNKNOWN) if t == UNKNOWN else t for t, c in zip(text, codes, strict=True)
    )


def has_accents(text: str) -> bool:
    """Tell whether `compose` has something to look at."""
    return _ACCENTS.search(text) is not None


def _join_before(match: re.Match[str]) -> str:
    letter = "i" if match[2] == "ı" else match[2]
    made = unicodedata.normalize("NFC", letter + _COMBINING[match[1]])
    return made if len(made) == 1 or match[1] in _OF_VARIABLES else match[0]


def _join_after(match: re.Match[str]) -> str:
    made = unicodedata.normalize("NFC", match[1] + _COMBINING[match[2]])
    return made if len(made) == 1 else match[0]


def close_up(text: str) -> str:
    """Take the blanks out of a letterspaced word ("A B S T R A C T"); other text is given back as it is."""
    if not _SPACED.search(text):
        return text
    return _SPACED.sub(lambda m: m[0].replace(" ", ""), text)
