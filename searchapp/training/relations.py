"""Read from a paper's own structure which text belongs to which: pairs to train on, questions to judge by.

A Document comes in, `Link`s go out: a short text, the paragraphs (or the sentence, or the entry of the
bibliography) that it belongs to. Both training and judging are made from these, never of the same paper.
Sources of the tasks: sentence to its own paragraph, Lee, Chang and Toutanova, ACL 2019 (inverse cloze);
citation context to cited paper, Cohan et al., ACL 2020 (SPECTER), here within one bibliography.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from searchapp.pairs import pairs, sentences, why_unclean
from searchapp.types import Document, Kind, Paragraph

MIN_PARAGRAPH_WORDS = 30
MAX_PARAGRAPH_WORDS = 180  # about 256 word pieces, where the encoder cuts
# Headings that every paper has: they name no section's content.
GENERIC = frozenset(
    """abstract introduction background results discussion conclusion conclusions methods method
    experiments evaluation acknowledgments acknowledgements references appendix limitations preliminaries
    summary motivation overview setup notation datasets data implementation analysis baselines""".split()  # noqa: SIM905
)
_LABEL = re.compile(r"\b(fig(?:ure|\.)?|table|algorithm|tab\.)\s*(\d+|[IVX]+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A text, and one that belongs to it, by the paper's own structure."""

    text: str
    target: str
    document: str


def next_sentences(document: Document) -> Iterator[Link]:
    """Each clean sentence of the body with the one after it."""
    for pair in pairs(document):
        yield Link(pair.sentence_0, pair.sentence_1, document.sha256)


def titles(document: Document) -> Iterator[Link]:
    """The title with the abstract, and with each paragraph of the body."""
    title = " ".join(document.metadata.title.split())
    if len(title.split()) < 3:
        return
    for target in (*_abstract(document), *(_text(p) for p in body_paragraphs(document))):
        yield Link(title, target, document.sha256)


def abstract_sentences(document: Document) -> Iterator[Link]:
    """Each clean sentence of the abstract with each paragraph of the body."""
    targets = [_text(paragraph) for paragraph in body_paragraphs(document)]
    for paragraph in document.paragraphs:
        if paragraph.kind is not Kind.ABSTRACT:
            continue
        for sentence in sentences(paragraph):
            if why_unclean(sentence):
                continue
            for target in targets:
                yield Link(sentence, target, document.sha256)


def headings(document: Document) -> Iterator[Link]:
    """Each heading that names a content with each paragraph under it."""
    for paragraph in body_paragraphs(document):
        heading = bare_heading(paragraph.section)
        if heading:
            yield Link(heading, _text(paragraph), document.sha256)


def captions(document: Document) -> Iterator[Link]:
    """Each caption, without its label, with each paragraph of the body that names the float."""
    naming: dict[str, list[str]] = {}
    for paragraph in body_paragraphs(document):
        for label in {_key(match) for match in _LABEL.finditer(paragraph.text)}:
            naming.setdefault(label, []).append(_LABEL.sub("", _text(paragraph)))
    for paragraph in document.paragraphs:
        match = _LABEL.match(paragraph.text.lstrip())
        if paragraph.kind is not Kind.CAPTION or not match:
            continue
        caption = " ".join(_LABEL.sub("", paragraph.text).lstrip(" .:–—-").split())
        if len(caption.split()) < 4:
            continue
        for target in naming.get(_key(match), ()):
            yield Link(caption, target, document.sha256)


def citations(document: Document) -> Iterator[Link]:
    """Each clean sentence that cites, without the mark, with the title of each entry it cites."""
    for citation in document.citations:
        paragraph = document.paragraphs[citation.paragraph]
        if paragraph.kind not in (Kind.BODY, Kind.ABSTRACT):
            continue
        for sentence in paragraph.sentences:
            if not sentence.start <= citation.start < sentence.end:
                continue
            text = (
                paragraph.text[sentence.start : citation.start] + paragraph.text[citation.end : sentence.end]
            )
            text = " ".join(text.split())
            if why_unclean(text):
                continue
            for entry in citation.references:
                title = document.references[entry].title
                if len(title.split()) >= 3:
                    yield Link(text, title, document.sha256)


def cloze(document: Document) -> Iterator[Link]:
    """Each clean sentence of the body with the rest of its paragraph."""
    for paragraph in body_paragraphs(document):
        texts = sentences(paragraph)
        for place, sentence in enumerate(texts):
            rest = " ".join(texts[:place] + texts[place + 1 :])
            if len(rest.split()) >= MIN_PARAGRAPH_WORDS and not why_unclean(sentence):
                yield Link(sentence, rest, document.sha256)


def one_cloze(document: Document) -> Iterator[Link]:
    """One clean sentence of each paragraph of the body, its middle one first, with the rest of it."""
    for paragraph in body_paragraphs(document):
        texts = sentences(paragraph)
        middle = len(texts) // 2
        for place in (*range(middle, len(texts)), *range(middle)):
            rest = " ".join(texts[:place] + texts[place + 1 :])
            if len(rest.split()) >= MIN_PARAGRAPH_WORDS and not why_unclean(texts[place]):
                yield Link(texts[place], rest, document.sha256)
                break


def body_paragraphs(document: Document) -> list[Paragraph]:
    """The paragraphs of the body that are long enough to be about something."""
    return [
        paragraph
        for paragraph in document.paragraphs
        if paragraph.kind is Kind.BODY and len(paragraph.text.split()) >= MIN_PARAGRAPH_WORDS
    ]


def bare_heading(section: str) -> str:
    """A section's heading without its number; "" for one that every paper has."""
    heading = re.sub(r"^\s*(?:[A-Z]|[IVX]+|\d+)(?:\.\d+)*[.)]?\s+", "", section).strip()
    words = [word for word in re.findall(r"[a-z]+", heading.casefold()) if word not in ("and", "the", "of")]
    return heading if len(words) >= 2 and not GENERIC.issuperset(words) else ""


def _abstract(document: Document) -> list[str]:
    return [_text(p) for p in document.paragraphs if p.kind is Kind.ABSTRACT and len(p.text.split()) >= 20]


def _text(paragraph: Paragraph) -> str:
    return " ".join(paragraph.text.split()[:MAX_PARAGRAPH_WORDS])


def _key(match: re.Match[str]) -> str:
    return f"{match[1][:3].casefold()} {match[2].casefold()}"
