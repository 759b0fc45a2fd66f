r"""Inline TeX maths in, the letters a reader of the page sees out: `$x_i \le \sqrt{d}$` -> "xi ≤ √d".

Scripts follow their base without a space, relations and binary operators stand between spaces (not in
scripts), a fraction is numerator then denominator. What TeX prints as one sign is one sign here.
"""

import re

SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω", "ell": "ℓ", "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏",
    "int": "∫", "top": "⊤", "bot": "⊥", "emptyset": "∅", "ldots": "...", "dots": "...", "cdots": "···",
    "prime": "′", "star": "⋆", "ast": "∗", "lVert": "∥", "rVert": "∥", "Vert": "∥", "|": "∥",
    "lvert": "|", "rvert": "|",
    "vert": "|", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
    "{": "{", "}": "}", "%": "%", "#": "#", "_": "_", "&": "&", "$": "$", "forall": "∀", "exists": "∃",
    "circ": "◦", "dagger": "†", "degree": "°", "bullet": "•", "colon": ":",
}  # fmt: skip
OPERATORS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "∼",
    "propto": "∝", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "equiv": "≡", "to": "→",
    "rightarrow": "→", "leftarrow": "←", "mapsto": "↦", "gets": "←", "ll": "≪", "gg": "≫", "mid": "|",
    "times": "×", "cdot": "·", "pm": "±", "mp": "∓", "cup": "∪", "cap": "∩", "setminus": "\\", "oplus": "⊕",
    "otimes": "⊗", "odot": "⊙", "wedge": "∧", "vee": "∨", "iff": "⇔", "Rightarrow": "⇒", "implies": "⇒",
    "div": "÷", "parallel": "∥", "perp": "⊥", "simeq": "≃",
}  # fmt: skip
NAMES = (
    "log", "exp", "max", "min", "arg", "argmax", "argmin", "sup", "inf", "lim", "sin", "cos", "tan", "tanh",
    "det", "dim", "ln", "Pr", "gcd", "ker", "deg",
)  # fmt: skip
WRAPPERS = (
    "mathbf", "mathcal", "mathbb", "mathsf", "textbf", "boldsymbol", "bm", "emph", "mathfrak", "left",
    "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "bigg", "biggl", "biggr", "displaystyle",
    "textstyle", "limits", "nolimits", "hbox",
)  # fmt: skip
UPRIGHT = ("mathrm", "text", "textrm", "operatorname", "textit", "mathit", "texttt", "mathtt", "mbox")
ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0304", "dot": "\u0307", "vec": "\u20d7",
}  # fmt: skip
SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "quad": " ", "qquad": " ", "!": "", "~": " "}
Token = tuple[str | None, str | None, str | None, str | None]
TOKEN = re.compile(r"\\([A-Za-z]+)\s*|\\(.)|(\s+)|(.)", re.DOTALL)


def plain_maths(tex: str) -> str:
    """Give the letters printed for inline TeX maths.

    Args:
        tex: What stands between the dollars.

    Returns:
        One line of text, single spaces, none at its ends.

    Raises:
        ValueError: A command that is not in the tables above.
    """
    tokens: list[Token] = [(one[1], one[2], one[3], one[4]) for one in TOKEN.finditer(tex)]
    text = _read(tokens, [0], in_script=False, until=None)
    text = re.sub(r"(?<=[(\[{⟨|,=<>≤≥≈∼∈·×→]) ?([−+]) (?=\w)", r" \1", text)  # a sign, not an operation
    text = re.sub(r"([(\[{⟨|]) ([−+])", r"\1\2", text)
    return " ".join(text.split())


def _read(tokens: list[Token], at: list[int], *, in_script: bool, until: str | None) -> str:
    out: list[str] = []
    while at[0] < len(tokens):
        if until and tokens[at[0]][3] == until:
            at[0] += 1
            return "".join(out)
        out.append(_atom(tokens, at, in_script=in_script, before="".join(out)))
    return "".join(out)


def _argument(tokens: list[Token], at: list[int], *, in_script: bool) -> str:
    while at[0] < len(tokens) and tokens[at[0]][2]:
        at[0] += 1
    return _atom(tokens, at, in_script=in_script, before="") if at[0] < len(tokens) else ""


def _atom(tokens: list[Token], at: list[int], *, in_script: bool, before: str) -> str:
    command, escaped, _, letter = tokens[at[0]]
    at[0] += 1
    name = command or escaped
    if name:
        return _command(name, tokens, at, in_script=in_script, before=before)
    if letter is None or letter in "}&":
        return ""
    if letter == "{":
        return _read(tokens, at, in_script=in_script, until="}")
    if letter in "_^":
        return _argument(tokens, at, in_script=True)
    if letter in "=<>+-*/:~":
        sign = {"-": "−", "*": "∗", "~": " "}.get(letter, letter)
        if letter in "/~" or in_script:
            return sign
        first = letter in "+-" and not before.strip()
        return sign if first else f" {sign} "
    if letter == ",":
        followed_by_space = at[0] < len(tokens) and tokens[at[0]][2]
        return ", " if followed_by_space and not in_script else ","
    return "′" if letter == "'" else letter


def _command(name: str, tokens: list[Token], at: list[int], *, in_script: bool, before: str) -> str:
    if name in SIGNS:
        return SIGNS[name]
    if name in OPERATORS:
        return OPERATORS[name] if in_script else f" {OPERATORS[name]} "
    if name in SPACES:
        return SPACES[name]
    if name in NAMES:
        glue = " " if before[-1:].isalnum() else ""
        following = tokens[at[0]] if at[0] < len(tokens) else (None, None, None, None)
        opens = (following[3] is not None and following[3] in "([{_^,;.)=|") or at[0] >= len(tokens)
        name = {"argmax": "arg max", "argmin": "arg min"}.get(name, name)
        return f"{glue}{name}" + ("" if opens or in_script else " ")
    if name in UPRIGHT:
        return _upright(tokens, at)
    if name in WRAPPERS:
        return ""
    if name in ACCENTS:
        return _argument(tokens, at, in_script=in_script) + ACCENTS[name]
    if name == "sqrt":
        return "√" + _argument(tokens, at, in_script=in_script)
    if name in ("frac", "tfrac", "dfrac", "binom"):
        return f"{_argument(tokens, at, in_script=True)} {_argument(tokens, at, in_script=True)}"
    raise ValueError(f"inline maths: \\{name} is not in the tables of typesetting/maths.py")


def _upright(tokens: list[Token], at: list[int]) -> str:
    """Give a braced word as it stands, spaces kept."""
    if at[0] >= len(tokens) or tokens[at[0]][3] != "{":
        return ""
    at[0] += 1
    word, depth = "", 0
    while at[0] < len(tokens):
        command, escaped, space, letter = tokens[at[0]]
        at[0] += 1
        if letter == "}" and depth == 0:
            break
        depth += (letter == "{") - (letter == "}")
        word += " " if space else (letter or escaped or SIGNS.get(command or "", ""))
    return word
