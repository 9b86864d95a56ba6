"""From an article to its event mentions, by the built-in reader: every value with the characters it was read from."""

from dataclasses import replace
from pathlib import Path

from schemas.article import Article
from schemas.mention import EventMention
from tasks.events.coder.evidence import as_written, checked
from tasks.events.coder.making import Maker, Pointer
from tasks.events.document import Document, document_of, read_document
from tasks.events.language.casing import is_shouted, true_cased
from tasks.events.reader.folder import SHIPPED, model_hash, use_model
from tasks.events.reader.read import look, read_events
from tasks.reference.gazetteer import use_dumps
from tasks.reference.gazetteer.dumps import version_with
from tasks.reference.seeds.version import code_version

#: The name of this coder in the warehouse.
CODER = "reader"


def coder_version() -> str:
    """The version of this coder: of the code, and of what the model was taught."""
    return f"{code_version()} model {model_hash()}"


def code_with(
    article: Article, country: str | None, dumps: tuple[Path, ...], model: Path = SHIPPED
) -> tuple[EventMention, ...]:
    """The mentions of an article, read with the model in this folder and with these gazetteers too.

    The version of the coder names them all.
    """
    use_dumps(dumps)
    use_model(model)
    mentions = code_article(article, country)
    if not dumps:
        return mentions
    return tuple(replace(m, coder_version=version_with(m.coder_version, dumps)) for m in mentions)


def code_article(article: Article, source_country: str | None = None) -> tuple[EventMention, ...]:
    """The event mentions of an article, in text order; none if its language is not English."""
    return code_text(document_of(article, source_country))


def code_text(document: Document) -> tuple[EventMention, ...]:
    """The event mentions of a document, in text order. Raises :class:`NotInTextError` rather than make a value up.

    A text in capitals is read in the case of a reader; its quotes stay as written, names are given in that case.
    """
    if not document.language.startswith("en"):
        return ()
    if not is_shouted(document.text):
        return _coded(document)
    mentions = _coded(replace(document, text=true_cased(document.text)))
    return tuple(checked(document.text, as_written(document.text, mention)) for mention in mentions)


def _coded(document: Document) -> tuple[EventMention, ...]:
    looked = look(document)
    if looked is None:
        return ()
    facts = read_document(document, looked.worth_reading)
    pointer = Pointer(CODER, coder_version())
    mentions = [Maker(facts, document, event).mention(pointer) for event in read_events(facts, looked)]
    return tuple(sorted(mentions, key=lambda m: (m.trigger_start, m.trigger_end, m.sub_event_type)))
