"""One named error per failure that a caller can meet; all share `ClassifierError`."""


class ClassifierError(Exception):
    """Base of every error that this package raises on purpose."""


class InvalidInput(ClassifierError, TypeError):
    """An argument is of another kind than asked for: a page that is neither text nor bytes."""


class InvalidThreshold(ClassifierError, ValueError):
    """A threshold or a `favor` outside what the decision knows."""


class MissingDependency(ClassifierError, ImportError):
    """A part of the API was used that needs a library which is not installed."""


class NotAPage(ClassifierError, ValueError):
    """The bytes are another kind of file: a PDF, an image, an archive."""


class PageTooLarge(ClassifierError, ValueError):
    """The page is larger than the classifier's `max_size`."""


class UnknownEncoding(ClassifierError, ValueError):
    """The caller named an encoding that the WHATWG encoding standard does not list."""


class WorkerLost(ClassifierError, RuntimeError):
    """A process of `classify_many` was killed; no page after the last that was given is done."""


class ModelError(ClassifierError):
    """Base of what can be wrong with a model file."""


class ModelNotFound(ModelError, FileNotFoundError):
    """There is no model at the path."""


class ModelCorrupt(ModelError, ValueError):
    """The model file is cut short, was changed, or is not a model at all."""


class ModelVersionMismatch(ModelError, ValueError):
    """The model file has a format version that this release does not read."""


class FeatureMismatch(ModelError, ValueError):
    """The model was trained on other features than the table has."""
