"""Every error that searchapp raises on purpose: bad input, never a bug.

A message says what failed on which file or value; `hint` says what to do next.

SearchappError
├── DocumentError                 a PDF that gives no sentences; has `.path`
│   ├── UnreadableDocumentError   not a PDF, truncated, damaged, permission denied
│   ├── EncryptedDocumentError    needs a password
│   ├── NoTextError               pages, but no text layer
│   ├── EmptyDocumentError        no pages
│   └── DocumentLimitError        over its time, memory, page or output limit
├── LibraryError                  something wrong with a library folder
│   ├── IndexNotFoundError
│   ├── IndexExistsError
│   ├── IndexCorruptError
│   ├── IndexLockedError          another process writes
│   ├── IndexEmptyError           nothing ingested, or no vectors built yet
│   └── ModelMismatchError        vectors of another encoder
├── ModelError
│   ├── ModelNotFoundError
│   └── ModelInvalidError         a folder that is not a usable sentence-transformers model
├── QueryError                    also a ValueError
│   └── QuerySyntaxError          has `.query` and `.position`, where it went wrong
├── InputError                    also a ValueError: a path, option or data set that can't be used
├── TrainingError                 too few pairs, nothing held out
└── MissingExtraError             also an ImportError; the hint is the pip line
"""

from pathlib import Path


class SearchappError(Exception):
    """Base of all errors that a door shows to the user as `Error: …` and `hint: …`."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, dict(self.__dict__)))


def _rebuild(cls: type[SearchappError], message: str, state: dict[str, object]) -> SearchappError:
    """Make the error again in another process, whatever its constructor asks for."""
    error = cls.__new__(cls)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class DocumentError(SearchappError):
    """A file that could not be read into sentences."""

    def __init__(self, path: Path | str, reason: str, *, hint: str = "") -> None:
        super().__init__(f"{path}: {reason}", hint=hint)
        self.path = str(path)
        self.reason = reason


class UnreadableDocumentError(DocumentError):
    """Not a PDF, truncated or damaged beyond reading, or no permission."""


class EncryptedDocumentError(DocumentError):
    """The file asks for a password."""


class NoTextError(DocumentError):
    """There are pages but no usable text on any of them."""


class EmptyDocumentError(DocumentError):
    """The file opens but has no pages."""


class DocumentLimitError(DocumentError):
    """Reading went over its time, memory, page or output limit and was stopped."""


class LibraryError(SearchappError):
    """Something is wrong with a library folder."""


class IndexNotFoundError(LibraryError):
    """No library at that name or path."""


class IndexExistsError(LibraryError):
    """A library is there already and was not to be opened."""


class IndexCorruptError(LibraryError):
    """A file of the library is missing, damaged or does not belong to it."""


class IndexLockedError(LibraryError):
    """Another process is writing to the library."""


class IndexEmptyError(LibraryError):
    """The library has no sentences, or no vectors for them yet."""


class ModelMismatchError(LibraryError):
    """The library's vectors come from another encoder than the one given."""


class ModelError(SearchappError):
    """Something is wrong with an encoder."""


class ModelNotFoundError(ModelError):
    """No model at that name or path, or the base model is not installed."""


class ModelInvalidError(ModelError):
    """The folder is there but is not a sentence-transformers model that can be used."""


class QueryError(SearchappError, ValueError):
    """A query or a search setting that means nothing: empty, k < 1, unbalanced quotes."""


class QuerySyntaxError(QueryError):
    """A query that cannot be read; `position` is the code point of `query`, from 0, that is at fault."""

    def __init__(self, message: str, query: str, position: int, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.query = query
        self.position = position


class InputError(SearchappError, ValueError):
    """A path, an option's value or a data set that cannot be used."""


class TrainingError(SearchappError):
    """Training cannot start or cannot be judged."""


class MissingExtraError(SearchappError, ImportError):
    """An optional part is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs packages that are not installed",
            hint=f"pip install 'searchapp[{extra}]'",
        )
        self.what = what
        self.extra = extra
