"""From a request's values to the library and back to plain data: one function an answer, none knows HTTP."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from searchapp.errors import InputError, QueryError
from searchapp.library.looking import like_paper
from searchapp.library.shelf import State
from searchapp.search.filters import fold
from searchapp.search.find import Mode, Unit, search
from searchapp.search.hits import hits_of
from searchapp.search.query import Query, parse
from searchapp.search.quote import find_quotation
from searchapp.search.similar import similar_sentences
from searchapp.store import DocumentInfo
from searchapp.training.registry import list_models
from searchapp.types import Hit, Kind

DEEPEST = 2000  # hits that can be paged through
REPORT = "report.html"  # in a trained model's folder
FACET_VALUES = 12  # most frequent values of each facet
NUMBERED = re.compile(r"^(?:[A-Z]|[IVX]+|\d+)(?:\.\d+)*\.?\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Filters beside the query's own; of one field any may hold."""

    years: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()


def find(
    state: State,
    q: str,
    narrowing: Narrowing,
    *,
    offset: int,
    limit: int,
    mode: Mode,
    unit: Unit,
    min_score: float | None,
    fold_copies: bool,
    diversity: float,
    depth: int | None = None,
    explain: Collection[int] = (),
) -> dict[str, Any]:
    """Search, and count what the hits so far are of.

    Args:
        depth: Hits to rank. Pages of one depth follow each other without a gap or a repetition; of a deeper
            ranking the order of the first is not quite that of a shallower one. None: what the page needs.
        explain: Sentences of which is said why they stand where they stand.

    The others are as in `search`.

    Raises:
        QueryError: The query can't be read, or the page asked for is too deep.
    """
    many = max(depth or 0, offset + limit)
    if many > DEEPEST:
        raise QueryError(f"hit {many} is too deep", hint=f"at most {DEEPEST} hits can be paged")
    hits = search(
        _narrowed(parse(q), narrowing),
        state.engine(),
        k=many,
        mode=mode,
        unit=unit,
        min_score=min_score,
        fold=fold_copies,
        diversity=diversity,
        explain=explain,
    )
    seen = hits[: offset + limit]
    more = len(hits) > len(seen) or len(hits) == many < DEEPEST
    return {
        "query": q,
        "mode": mode,
        "unit": unit,
        "offset": offset,
        "limit": limit,
        "more": more,
        "generation": state.generation,
        "depth": many,
        "facets": facets(seen),
        "hits": [hit.to_dict() for hit in seen[offset:]],
    }


def facets(hits: Sequence[Hit]) -> dict[str, list[dict[str, Any]]]:
    """Count years, authors, sections and kinds over hits: the most frequent first, years newest first.

    Sections count without their numbers and case, and go by the form that is seen first.
    """
    forms: dict[str, str] = {}
    for hit in hits:
        name = plain_section(hit.section)
        forms.setdefault(fold(name), name)
    sections = Counter(forms[fold(plain_section(hit.section))] for hit in hits if hit.section)
    years = Counter(str(hit.year) for hit in hits if hit.year is not None)
    return {
        "year": [{"value": v, "count": n} for v, n in sorted(years.items(), reverse=True)],
        "author": _counted(name for hit in hits for name in hit.authors),
        "section": [{"value": v, "count": n} for v, n in sections.most_common(FACET_VALUES)],
        "kind": _counted(str(hit.kind) for hit in hits),
    }


def plain_section(section: str) -> str:
    """Give a section's name without the number before it."""
    return NUMBERED.sub("", section)


def alike(state: State, *, sentence: int | None, document: str | None, limit: int) -> dict[str, Any]:
    """Give hits like a sentence or a paper of the library.

    Raises:
        QueryError: Neither or both were given.
        InputError: No such sentence or paper.
    """
    if (sentence is None) == (document is None):
        raise QueryError("give a sentence or a document", hint="sentence=NUMBER or document=SHA-256")
    if sentence is not None:
        hits = similar_sentences(sentence, state.engine(), k=limit)
    else:
        hits = like_paper(str(document), state.searched(), state.engine(), k=limit)
    return {"generation": state.generation, "hits": [hit.to_dict() for hit in hits]}


def quotations(state: State, text: str, *, limit: int) -> dict[str, Any]:
    """Give the places where a quotation stands."""
    found = find_quotation(text, state.engine(), k=limit)
    return {"generation": state.generation, "hits": [each.to_dict() for each in found]}


def one_sentence(state: State, number: int) -> dict[str, Any]:
    """Give a sentence of the library in a hit's shape, so that an address can lead to it.

    Raises:
        InputError: No such sentence.
    """
    engine = state.engine()
    ids = np.array([number], np.int64)
    if not np.isin(ids, engine.snapshot.table().ids).all():
        raise InputError(f"no sentence has the number {number}", hint="numbers are in the hits of a search")
    [hit] = hits_of(Query(""), engine, ids=ids, scores=np.ones(1, np.float32), dense=None, lexical=None)
    return hit.to_dict()


def papers(state: State, *, q: str, offset: int, limit: int) -> dict[str, Any]:
    """Give the papers whose title, authors, year or file hold every word of q, in the order they came."""
    found = state.papers(q)
    return {
        "total": len(found),
        "offset": offset,
        "limit": limit,
        "documents": [info.to_dict() for info in found[offset : offset + limit]],
    }


def paper(state: State, document: str) -> dict[str, Any]:
    """Give one paper with its outline and the sizes of its pages.

    Raises:
        InputError: No such paper, or several.
    """
    info = state.snapshot.document(document)
    read = state.snapshot.read(info.id)
    boxes = {number: p.sentences[0].boxes for number, p in enumerate(read.paragraphs) if p.sentences}
    return {
        **info.to_dict(),
        "abstract": read.metadata.abstract,
        "page_sizes": [[page.width, page.height] for page in read.pages],
        "page_labels": [page.label for page in read.pages],
        "outline": [
            {
                "text": heading.text,
                "number": heading.number,
                "level": heading.level,
                "page": heading.page,
                "top": next((b.y0 for b in boxes.get(heading.paragraph, ()) if b.page == heading.page), 0.0),
            }
            for heading in read.headings
        ],
    }


def models() -> list[dict[str, Any]]:
    """Give the trained models with the records of their trainings, the newest first."""
    return [
        {
            **info.record,
            "name": info.name,
            "promoted": info.promoted,
            "problem": info.problem,
            "has_report": (info.folder / REPORT).is_file(),
        }
        for info in reversed(list_models())
    ]


def model_report(name: str) -> bytes:
    """Give the HTML report of a trained model; the name is only compared with those that there are.

    Raises:
        InputError: No such model, or it has no report.
    """
    for info in list_models():
        if info.name == name and (info.folder / REPORT).is_file():
            return (info.folder / REPORT).read_bytes()
    raise InputError(f"no report of a model {name!r}", hint="/api/models lists those there are")


def known_paths(state: State, document: str, page: int) -> DocumentInfo:
    """Give the paper of which a page is asked for; only paths of the record are ever opened.

    Raises:
        InputError: No such paper or page, or none of its files is known.
    """
    info = state.snapshot.document(document)
    if page > info.pages:
        raise InputError(f"{info.title} has no page {page}", hint=f"pages are 1 to {info.pages}")
    if not info.paths:
        raise InputError(f"the file of {info.title} is not known")
    return info


def _narrowed(query: Query, narrowing: Narrowing) -> Query:
    own = query.filters
    filters = replace(
        own,
        authors=own.authors + narrowing.authors,
        years=own.years + tuple(_range(year) for year in narrowing.years),
        sections=own.sections + narrowing.sections,
        kinds=own.kinds + narrowing.kinds,
    )
    return replace(query, filters=filters)


def _range(text: str) -> tuple[int | None, int | None]:
    first, dots, last = text.partition("..")
    if not dots:
        return int(first), int(first)
    return (int(first) if first else None), (int(last) if last else None)


def _counted(values: Iterable[str]) -> list[dict[str, Any]]:
    return [{"value": value, "count": count} for value, count in Counter(values).most_common(FACET_VALUES)]
