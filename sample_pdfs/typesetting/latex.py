"""A paper in, one LaTeX file out, through the template of its style."""

from pathlib import Path

from sample_pdfs.typesetting.drawing import draw
from sample_pdfs.typesetting.escape import escape, escape_code
from sample_pdfs.typesetting.inline import (
    Citation,
    Code,
    CrossReference,
    Emphasis,
    Footnote,
    Inline,
    Maths,
    Text,
    parse_inline,
    raise_citations,
)
from sample_pdfs.typesetting.numbering import Numbers, number
from sample_pdfs.typesetting.references import printed
from sample_pdfs.typesetting.source import Equation, Figure, Heading, Items, Paper, Paragraph, Table

TEMPLATES = Path(__file__).parents[1] / "templates"
COMMANDS = ("section", "subsection", "subsubsection")
COLUMN_CM = {"conf2": 7.7, "journal2": 8.8, "one": 12.0, "review": 13.5, "review2": 8.2, "book": 10.6}
PAGE_CM = {"conf2": 16.0, "journal2": 18.0, "one": 12.0, "review": 13.5, "review2": 17.2, "book": 10.6}


def latex(paper: Paper) -> str:
    """Give the LaTeX of a paper.

    Args:
        paper: A parsed source.

    Returns:
        A whole document for pdflatex.

    Raises:
        ValueError: As `number`, `draw` and `escape`.
    """
    return _Writer(paper).document()


class _Writer:
    """Holds the paper's numbers while its blocks are written."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.numbers: Numbers = number(paper)
        self.style = self.numbers.style

    def document(self) -> str:
        header = self.paper.header
        abstract: list[str] = []
        body: list[str] = []
        appendix: list[str] = []
        role = ""
        for part in self.paper.body:
            if isinstance(part, Heading):
                starts_appendix = part.role == "appendix" and not appendix
                role = part.role or ("appendix" if appendix else "")
                target = appendix if role == "appendix" else body
                if part.role in ("abstract", "references"):
                    continue
                target.append(("\\appendix\n" if starts_appendix else "") + self._heading(part))
            else:
                {"abstract": abstract, "appendix": appendix}.get(role, body).append(self._paragraph(part))
        names = self.paper.authors
        keywords = header.get("keywords", "")
        surname = names[0].split()[-1]
        fields = {
            "TITLE": self._inline(header["title"]),
            "AUTHORS": r"\paperand ".join(escape(name) for name in names),
            "SHORTTITLE": self._inline(header["title"].partition(":")[0]),
            "PDFTITLE": escape(header["title"].replace("$", "")),
            "PDFAUTHORS": escape("; ".join(names)),
            "TITLEHEX": _pdf_hex(header["title"].replace("$", "")),
            "AUTHORSHEX": _pdf_hex("; ".join(names)),
            "SHORTAUTHORS": escape(surname if len(names) == 1 else f"{surname} et al."),
            "AFFILIATION": escape(header.get("affiliation", "")),
            "EMAIL": escape(header.get("email", "")),
            "VENUE": escape(header["venue"]),
            "YEAR": header["year"],
            "DOINOTE": f" https://doi.org/{escape(header['doi'])}" if "doi" in header else "",
            "KEYWORDS": f"\\paperkeywords{{{escape(keywords)}}}" if keywords else "",
            "GLYPHS": "\\input glyphtounicode\n\\pdfgentounicode=1" if self.style.glyph_names else "",
            "ABSTRACT": "\n\n".join(abstract),
            "BODY": "\n\n".join(body),
            "REFERENCES": self._references(),
            "APPENDIX": "\n\n".join(appendix),
        }
        text = (TEMPLATES / f"{self.style.name}.tex").read_text(encoding="utf-8")
        text = text.replace("@@COMMON@@", (TEMPLATES / "common.tex").read_text(encoding="utf-8"))
        for name, value in fields.items():
            text = text.replace(f"@@{name}@@", value)
        return text

    def _heading(self, heading: Heading) -> str:
        star = "" if heading.numbered else "*"
        return f"\\{COMMANDS[heading.level - 1]}{star}{{{self._inline(heading.text)}}}"

    def _paragraph(self, paragraph: Paragraph) -> str:
        return "\n".join(
            self._inline(part) if isinstance(part, str) else self._block(part) for part in paragraph.parts
        )

    def _block(self, block: Figure | Table | Equation | Items) -> str:
        match block:
            case Equation():
                return self._equation(block)
            case Items():
                items = "\n".join(f"\\item {self._inline(item)}" for item in block.items)
                return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"
            case Figure():
                return self._figure(block)
            case Table():
                return self._table(block)

    def _equation(self, equation: Equation) -> str:
        tex = equation.tex
        if "\\\\" in tex or "&" in tex:
            tex = f"\\begin{{aligned}}\n{tex}\n\\end{{aligned}}" if "\\begin{" not in tex else tex
        name = "equation" if equation.label else "equation*"
        text = f"\\begin{{{name}}}\n\\paperfit{{$\\displaystyle {tex}$}}{{3em}}\n\\end{{{name}}}"
        return f"\\begin{{linenomath}}\n{text}\n\\end{{linenomath}}" if self.style.line_numbers else text

    def _figure(self, figure: Figure) -> str:
        wide = figure.wide and self.style.columns == 2
        room = (PAGE_CM if wide else COLUMN_CM)[self.style.name]
        drawing = draw(
            figure.drawing or ("flow Input > Model > Output",), min(room, 11.0 if not wide else room)
        )
        return self._float("figure", wide, f"{drawing}\n\\caption{{{self._caption(figure.caption)}}}")

    def _table(self, table: Table) -> str:
        wide = table.wide and self.style.columns == 2
        columns = "l" + "r" * (len(table.rows[0]) - 1)
        if any(len(cell) > 24 for row in table.rows for cell in row[1:]):
            room = (PAGE_CM if wide else COLUMN_CM)[self.style.name]
            shares = [
                max(6, *(len(row[at]) for row in table.rows)) ** 0.7 for at in range(len(table.rows[0]))
            ]
            width = [room * 0.93 * share / sum(shares) - 0.42 for share in shares]
            columns = "".join(f">{{\\raggedright\\arraybackslash}}p{{{one:.2f}cm}}" for one in width)
        rows = [" & ".join(self._inline(cell) for cell in row) + r" \\" for row in table.rows]
        body = "\n".join([r"\toprule", rows[0], r"\midrule", *rows[1:], r"\bottomrule"])
        tabular = f"\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}"
        caption = f"\\caption{{{self._caption(table.caption)}}}"
        return self._float("table", wide, f"{caption}\n\\papertable\n\\paperfit{{{tabular}}}{{0pt}}")

    def _float(self, name: str, wide: bool, inside: str) -> str:
        name += "*" if wide else ""
        return f"\\begin{{{name}}}[t]\n\\centering\n{inside}\n\\end{{{name}}}"

    def _caption(self, caption: tuple[str, ...]) -> str:
        return self._inline(" ".join(caption))

    def _references(self) -> str:
        out = []
        for reference in self.numbers.references:
            runs = printed(reference, self.style.reference_layout)
            text = "".join(f"\\emph{{{escape(run)}}}" if italic else escape(run) for run, italic in runs)
            out.append(f"\\bibitem{{{reference.key}}} {text}")
        return "\n\n".join(out)

    def _inline(self, line: str) -> str:
        pieces: tuple[Inline, ...] = parse_inline(line)
        if self.style.citation == "superscript":
            pieces = raise_citations(pieces)
        return "".join(self._piece(piece) for piece in pieces)

    def _piece(self, piece: Inline) -> str:
        match piece:
            case Text(text):
                return escape(text)
            case Maths(tex):
                return f"${tex}$"
            case Emphasis(inside):
                return "\\emph{" + "".join(self._piece(one) for one in inside) + "}"
            case Code(text):
                return f"\\texttt{{{escape_code(text)}}}"
            case Citation():
                mark = escape(self.numbers.cite(piece))
                return f"\\textsuperscript{{{mark}}}" if self.style.citation == "superscript" else mark
            case CrossReference():
                return self.numbers.refer(piece)
            case Footnote(inside):
                return "\\footnote{" + "".join(self._piece(one) for one in inside) + "}"


def _pdf_hex(text: str) -> str:
    """Give text as the digits of a PDF hex string: UTF-16, big-endian, with its mark."""
    return ("\ufeff" + text).encode("utf-16-be").hex().upper()
