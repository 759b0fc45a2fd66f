"""The query language: what is an operator, what is a word, and where an error points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import QuerySyntaxError
from searchapp.search.query import Filters, Query, parse
from searchapp.types import Kind


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("dropout  ensemble", Query("dropout ensemble")),
        ('the "hidden units" drop', Query("the hidden units drop", phrases=("hidden units",))),
        ("“hidden units”", Query("hidden units", phrases=("hidden units",))),
        ("net -image", Query("net", excluded=("image",))),
        ('net -"hidden units"', Query("net", excluded_phrases=("hidden units",))),
        ("state-of-the-art C:N 5 - 3 --", Query("state-of-the-art C:N 5 - 3 --")),
        ("net author:hinton", Query("net", filters=Filters(authors=("hinton",)))),
        ('net author:"G. Hinton"', Query("net", filters=Filters(authors=("G. Hinton",)))),
        ("net year:2019", Query("net", filters=Filters(years=((2019, 2019),)))),
        ("net year:2019..2023", Query("net", filters=Filters(years=((2019, 2023),)))),
        ("net year:..2019 year:2023..", Query("net", filters=Filters(years=((None, 2019), (2023, None))))),
        ("net Section:method", Query("net", filters=Filters(sections=("method",)))),
        (
            "net in:cells kind:caption",
            Query("net", filters=Filters(within=("cells",), kinds=(Kind.CAPTION,))),
        ),
        (
            'net collection:"Thesis/Chapter 2" -tag:read',
            Query("net", filters=Filters(collections=("Thesis/Chapter 2",), banned=Filters(tags=("read",)))),
        ),
        ("net -kind:body", Query("net", filters=Filters(banned=Filters(kinds=(Kind.BODY,))))),
        ('like:"a long text" unlike:image', Query("", like=("a long text",), unlike=("image",))),
    ],
)
def test_query_is_read(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("  \n", 0),
        ('a "b c', 2),
        ('a ""', 2),
        ("a author:", 9),
        ("a author: b", 9),
        ("a year:soon", 7),
        ("a year:2023..2019", 7),
        ("a year:201923", 7),
        ("a kind:picture", 7),
        ("author:b -c", 11),
        ("a -like:b", 2),
    ],
)
def test_error_points_at_the_fault(text: str, position: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert caught.value.position == position
    assert caught.value.hint


@given(st.text())
def test_any_text_is_a_query_or_our_error(text: str) -> None:
    try:
        query = parse(text)
    except QuerySyntaxError as error:
        assert 0 <= error.position <= len(text)
    else:
        assert query.text or query.like


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1))
def test_plain_words_are_kept_as_they_are(words: list[str]) -> None:
    assert parse(" ".join(words)) == Query(" ".join(words))
