"""What reads like an event and is none: a game, a story somebody made up, an exercise, an accident, a disaster.

The words are lists of ``seeds/triggers.yml``. ACLED codes none of these; UCDP asks for armed force.
"""

from spacy.attrs import LOWER

from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.language.phrases import lemma
from tasks.events.language.vocabulary import event_words, vocabulary
from tasks.events.tolls.casualties import TollKind

#: Words of a game, or of a story, that make a page one of it.
_GAME_WORDS, _STORY_WORDS = 4, 3


def tells_of_nothing_real(facts: Facts) -> bool:
    """Whether a page tells of a game, whose attacks and shots are metaphors, or of a film or a novel.

    Nobody is killed in a game, and more than one person seldom in the summary of a story.
    """
    strings = facts.doc.vocab.strings
    words = {strings[key] for key in set(facts.doc.to_array([LOWER]).tolist())}
    dead = [t.best for tolls in facts.tolls for t in tolls if t.kind is TollKind.KILLED and t.best]
    if len(words & vocabulary().words("sport")) >= _GAME_WORDS and not dead:
        return True
    told = words & vocabulary().words("story")
    made_up = words & vocabulary().words("made_up")
    return bool(made_up) and len(told | made_up) >= _STORY_WORDS and max(dead, default=0) <= 1


def is_exercise(facts: Facts, incident: Incident) -> bool:
    """Whether an incident is part of a drill: its sentence speaks of one, and nobody is counted."""
    if any(telling.tolls for telling in incident.tellings):
        return False
    return any(_speaks_of(facts, telling.sentence.index, "exercise") for telling in incident.tellings)


def is_misadventure(facts: Facts, incident: Incident) -> bool:
    """Whether people died of no deed: nobody and no weapon is named, but a quake, a flood or a crash is.

    The cause stands in the sentence itself or in the one before.
    """
    tellings = incident.tellings
    heads = {lemma(facts.doc[trigger.token]) for telling in tellings for trigger in telling.triggers}
    if any(telling.acts != {"kill"} or telling.weapons for telling in tellings) or not heads <= event_words("dying"):
        return False
    near = {telling.sentence.index - back for telling in tellings for back in (0, 1)}
    return any(_speaks_of(facts, index, "misadventure") for index in near if index >= 0)


def _speaks_of(facts: Facts, index: int, words: str) -> bool:
    """Whether the sentence of an index has one of a list's words, in any form."""
    sentence = facts.sentences[index]
    span = facts.doc.char_span(sentence.start, sentence.end, alignment_mode="expand")
    known = vocabulary().words(words)
    return span is not None and any(lemma(token) in known or token.lower_ in known for token in span)
