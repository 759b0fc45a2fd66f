"""Errors cross a process border whole: the child that reads PDFs raises, the parent shows."""

import pickle

import pytest

from searchapp.errors import (
    DocumentLimitError,
    EncryptedDocumentError,
    MissingExtraError,
    QueryError,
    SearchappError,
)


@pytest.mark.parametrize(
    "error",
    [
        EncryptedDocumentError("a.pdf", "needs a password", hint="remove it"),
        DocumentLimitError("b.pdf", "took over 60 s"),
        MissingExtraError("Training", "train"),
        QueryError("the query is empty"),
    ],
)
def test_error_survives_another_process(error: SearchappError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert (str(again), again.hint, again.__dict__) == (str(error), error.hint, error.__dict__)


def test_errors_are_also_the_builtin_that_callers_expect() -> None:
    assert isinstance(QueryError("x"), ValueError)
    assert isinstance(MissingExtraError("x", "y"), ImportError)
