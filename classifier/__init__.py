"""Tells the content of a web page from the noise around it, in English, Russian and both.

>>> page = classify_text("Home | News | Log in\\n" + "The ferry was late again today. " * 9)
>>> [str(block.label) for block in page.blocks]
['noise', 'content']
"""

from classifier.blocks import Block, Label, LabeledBlock
from classifier.classify import Classifier, Source, classify_html, classify_many, classify_text
from classifier.errors import (
    ClassifierError,
    FeatureMismatch,
    InvalidInput,
    InvalidThreshold,
    MissingDependency,
    ModelCorrupt,
    ModelError,
    ModelNotFound,
    ModelVersionMismatch,
    NotAPage,
    PageTooLarge,
    UnknownEncoding,
    WorkerLost,
)
from classifier.page import Page

__all__ = [
    "Block",
    "Classifier",
    "ClassifierError",
    "FeatureMismatch",
    "InvalidInput",
    "InvalidThreshold",
    "Label",
    "LabeledBlock",
    "MissingDependency",
    "ModelCorrupt",
    "ModelError",
    "ModelNotFound",
    "ModelVersionMismatch",
    "NotAPage",
    "Page",
    "PageTooLarge",
    "Source",
    "UnknownEncoding",
    "WorkerLost",
    "classify_html",
    "classify_many",
    "classify_text",
]
