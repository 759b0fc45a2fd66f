"""What a font's name says: bold, italic, mathematics. Names are all a PDF reliably gives.

Subset tags ("ABCDEF+") are cut off before. The lists are of TeX, Adobe, Microsoft and open fonts as found in
papers.
"""

import re
from functools import lru_cache

_BOLD = re.compile(
    r"bold|black|heavy|semib|demi|medi\b|-medi|medium|^cmb|^cmssbx|^sfbx|^ecbx|^lmbx|^ptmb|^phvb|"
    r"^cmcsc.*bx|bx\d|-b\b|tb\b|tbi?$|"
    r"[-_]bd|ltb|biolinumtb|gtb|(?<=\d)b$",
    re.IGNORECASE,
)
_ITALIC = re.compile(
    r"ital|obli|slant|^cmti|^cmsl|^sfti|^ecti|^lmri|^lmro|^cmbxti|[-_]it\b|-ri\b|ti$|tzi$|-i$", re.IGNORECASE
)
_MONO = re.compile(
    r"courier|mono|^cmtt|^sftt|^ectt|^lmtt|typewriter|consol|inconsol|menlo|^txtt|^pcr|teletype", re.I
)
_MATH = re.compile(
    r"^cmmi|^cmsy|^cmex|^cmbsy|^cmmib|^ms[ab]m|^lmmi|^lmsy|^lmex|^lmmath|math|symbol|^mtmi|^mtsy|^mtex|"
    r"^rtxmi|^rtxsc|"
    r"^txsy|^txmi|^txex|^txbsy|^pxsy|^pxmi|^pxex|^ntx|newtx|^eu[fsrex]m|^rsfs|^stmary|^wasy|^bbm|^dsrom|"
    r"^esint|"
    r"^fourier-math|^libertinust1math|^zptmcm|^psyr|^mt2|^txmia|^zplm|^pplri7|^euex|^eufm|^eusm|^xits|"
    r"^stix.*math",
    re.IGNORECASE,
)

_EXTENSION = re.compile(r"^(?:cmex|lmex|mtex|txex|pxex|euex)|mathext", re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_bold(font: str) -> bool:
    """Tell whether the name is of a bold face (Nimbus "Medi" and URW "Demi" are)."""
    return bool(_BOLD.search(font))


@lru_cache(maxsize=4096)
def is_italic(font: str) -> bool:
    """Tell whether the name is of an italic, oblique or slanted face."""
    return bool(_ITALIC.search(font))


@lru_cache(maxsize=4096)
def is_mono(font: str) -> bool:
    """Tell whether the name is of a typewriter face, in which programs are set."""
    return bool(_MONO.search(font))


@lru_cache(maxsize=4096)
def is_superior(font: str) -> bool:
    """Tell whether the name is of a font of superior figures, small and high by their own drawing."""
    return "sups" in font.lower() or "superior" in font.lower()


@lru_cache(maxsize=4096)
def is_math(font: str) -> bool:
    """Tell whether the name is of a font that sets only mathematics."""
    return bool(_MATH.search(font))


@lru_cache(maxsize=4096)
def is_extension(font: str) -> bool:
    """Tell whether the name is of a font of large signs, whose baselines are not their line's."""
    return bool(_EXTENSION.search(font))
