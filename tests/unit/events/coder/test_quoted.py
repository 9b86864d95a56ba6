"""Quotes in seven languages: what is read of the words a model points at, and an event made of them."""

import json
from dataclasses import replace
from datetime import date

import pytest

from schemas.article import DateOrigin, DateReading
from schemas.mention import Role, Toll
from tasks.events.actors.quoted import read_actor
from tasks.events.coder.again import read_again, sentence_spans
from tasks.events.coder.making import Pointer
from tasks.events.coder.quoting import Quotes
from tasks.events.dates.quoted import read_date
from tasks.events.language.counts import counts_in
from tasks.events.language.quoted import quoted_words
from tasks.events.places.quoted import Grounds, place_of, read_place
from tasks.events.tolls.quoted import read_toll, together
from tasks.llm.accept import accepted
from tests.warehouse.build import a_run, a_source, an_article

WEDNESDAY = date(2024, 5, 15)


@pytest.mark.parametrize(
    ("language", "quote", "first", "last"),
    [
        ("ar", "مساء الاثنين", "2024-05-13", "2024-05-13"),
        ("ar", "السابع عشر من نيسان", "2024-04-17", "2024-04-17"),
        ("ar", "في 3 أيار/مايو الجاري", "2024-05-03", "2024-05-03"),
        ("ar", "خلال الساعات الـ48 الماضية", "2024-05-13", "2024-05-15"),
        ("ar", "العام الماضي", "2023-01-01", "2023-12-31"),
        ("fa", "روز سه‌شنبه", "2024-05-14", "2024-05-14"),
        ("fa", "۲۰ اردیبهشت", "2024-05-09", "2024-05-09"),
        ("tr", "Salı günü", "2024-05-14", "2024-05-14"),
        ("tr", "29 Nisan", "2024-04-29", "2024-04-29"),
        ("ru", "в минувшую субботу", "2024-05-11", "2024-05-11"),
        ("ru", "две недели назад", "2024-05-01", "2024-05-01"),
        ("uk", "у неділю", "2024-05-12", "2024-05-12"),
        ("uk", "6 серпня 2021 року", "2021-08-06", "2021-08-06"),
        ("es", "anoche", "2024-05-14", "2024-05-14"),
        ("es", "entre el 2 y el 5 de mayo", "2024-05-02", "2024-05-05"),
        ("fr", "vendredi soir", "2024-05-10", "2024-05-10"),
        ("fr", "26 avril dernier", "2024-04-26", "2024-04-26"),
        ("fr", "la veille", "2024-05-14", "2024-05-14"),
    ],
)
def test_days_are_read(language: str, quote: str, first: str, last: str) -> None:
    when = read_date(quote, language, WEDNESDAY)
    assert when is not None
    assert (str(when.start), str(when.end)) == (first, last)


def test_a_weekday_follows_the_day_a_text_begins_with_if_no_page_says_when_it_was_written() -> None:
    text = (
        "По словам очевидцев, мощный взрыв прогремел на рынке в субботу, 14 октября 2017 года. "
        "В понедельник полиция задержала двоих."
    )
    start = text.index("В понедельник")
    told = Quotes(text, None, "ru", None, None).date([(start, start + len("В понедельник"))])
    assert told is not None
    assert told.start == date(2017, 10, 16)


def test_a_weekday_without_a_day_of_publication_is_no_date() -> None:
    assert read_date("в понедельник", "ru", None) is None
    told = read_date("3 марта 2020 года", "ru", None)
    assert told is not None
    assert told.start == date(2020, 3, 3)


@pytest.mark.parametrize(
    ("language", "quote", "toll"),
    [
        ("ar", "شخصان", (2, 2, 2)),
        ("ar", "ما لا يقل عن ثلاثة وأربعين مدنيا", (43, 43, None)),
        ("ar", "عشرات الجنود", (24, 24, None)),
        ("ar", "قرابة ١٢ ألف شخص", (None, 12000, 12000)),
        ("fa", "یکهزار و 240 نفر", (1240, 1240, 1240)),
        ("fa", "دست کم سه نفر", (3, 3, None)),
        ("tr", "on iki asker", (12, 12, 12)),
        ("tr", "en az 7 kişi", (7, 7, None)),
        ("ru", "двух солдат", (2, 2, 2)),
        ("ru", "более одиннадцати человек", (11, 11, None)),
        ("uk", "п'ятьох військових", (5, 5, 5)),
        ("uk", "29-річного водія", (1, 1, 1)),
        ("es", "al menos treinta y cinco personas", (35, 35, None)),
        ("es", "ningún herido", (0, 0, 0)),
        ("fr", "une vingtaine de civils", (20, 20, 20)),
        ("fr", "quatre-vingt-douze morts", (92, 92, 92)),
        ("fr", "trois soldats et un guide", (4, 4, 4)),
        ("fr", "abattu en même temps que deux autres personnes", (3, 3, 3)),
    ],
)
def test_persons_are_counted(language: str, quote: str, toll: tuple[int | None, int | None, int | None]) -> None:
    assert read_toll(quote, language) == Toll(*toll)


@pytest.mark.parametrize(
    ("language", "quote"), [("es", "varios heridos"), ("ru", "несколько человек"), ("ar", "عدد من المدنيين")]
)
def test_a_plural_without_a_number_is_no_toll(language: str, quote: str) -> None:
    assert read_toll(quote, language) is None


def test_persons_of_one_sentence_add_up_and_figures_of_two_are_bounds() -> None:
    one, six, eight = Toll(1, 1, 1), Toll(6, 6, 6), Toll(8, 8, 8)
    assert together([(0, six), (0, one)]) == Toll(7, 7, 7)
    assert together([(0, six), (3, eight)]) == Toll(6, 6, 8)
    assert together([(0, six), (0, one), (4, six)]) == Toll(7, 7, 7)


def spans_of(text: str, *quotes: str) -> list[tuple[int, int]]:
    return [(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]


@pytest.mark.parametrize(
    ("language", "text", "quotes", "toll"),
    [
        ("es", "Fue detenido el alcalde. También cayó el tesorero.", ["el alcalde", "el tesorero"], (2, 2, 2)),
        ("es", "Fue detenido el alcalde. Un vecino lo vio.", ["el alcalde", "Un vecino"], (1, 1, 1)),
        ("ar", "قتل ضابط. وقتل عدد من مرافقيه.", ["ضابط", "عدد من مرافقيه"], (1, 1, None)),
        ("fr", "Une dizaine de civils. Douze morts.", ["Douze morts", "Une dizaine de civils"], (10, 10, 12)),
    ],
)
def test_a_sentence_may_add_persons_to_those_before_it(
    language: str, text: str, quotes: list[str], toll: tuple[int, int, int | None]
) -> None:
    assert Quotes(text, None, language, None, None).toll(spans_of(text, *quotes)) == Toll(*toll)


@pytest.mark.parametrize(
    ("language", "text", "quote", "country", "unit"),
    [
        ("fr", "Au Niger, Tillabéri a peur. Tillabéri pleure les morts de Foubarou.", "Foubarou", "NE", "Tillabéri"),
        ("fr", "Au Niger, Tillabéri et Agadez ont peur après les morts de Foubarou.", "Foubarou", "NE", None),
        ("ar", "قتل ثلاثة في اليمن. تعز محاصرة، وفي تعز قصف الجيش تبة الفلفول.", "تبة الفلفول", "YE", "Taiz"),
        ("es", "En Colombia, en Antioquia, toda Antioquia marchó a La Foubara.", "La Foubara", "CO", "Antioquia"),
        ("es", "En Colombia, en Antioquia, toda Antioquia marchó al Ministerio de Aguas.", "Ministerio", "CO", None),
        ("fr", "Le Niger accueille les réfugiés maliens qui fuient le nord de ce pays.", "nord de ce pays", "ML", None),
        ("fr", "Le Niger a peur. Des grenades ont été lancées à Foubarou.", "Foubarou", "NE", None),
    ],
)  # fmt: skip
def test_a_place_no_gazetteer_has_lies_in_what_the_article_speaks_of(
    language: str, text: str, quote: str, country: str, unit: str | None
) -> None:
    place = Quotes(text, None, language, None, None).place(spans_of(text, quote))
    assert place is not None
    assert (place.country, place.admin1) == (country, unit)


def test_a_place_is_not_guessed_where_no_country_is_named() -> None:
    text = "Des heurts ont éclaté à Foubarou."
    assert Quotes(text, None, "fr", None, "NE").place(spans_of(text, "Foubarou")) is None


def test_a_count_takes_its_words_and_no_more() -> None:
    counts = counts_in(quoted_words("двадцать пять тысяч беженцев и трое детей", "ru"), "ru")
    assert [(count.value, count.vague) for count in counts] == [(25000, False), (3, False)]


@pytest.mark.parametrize(
    ("language", "quote", "countries", "name", "country"),
    [
        ("ar", "في حلب", ("SY",), "Aleppo", "SY"),
        ("ar", "محافظة درعا", ("SY",), "Daraa", "SY"),
        ("ar", "الغوطة الشرقية", ("SY",), "Eastern Ghouta", "SY"),
        ("ru", "под Иловайском", ("UA",), "Ilovays’k", "UA"),
        ("ru", "в Донецкой области", ("UA",), "Donetsk", "UA"),
        ("uk", "у Львівській області", ("UA",), "Lviv", "UA"),
        ("tr", "Halep'te", ("SY",), "Aleppo", "SY"),
        ("fa", "در حلب", ("SY",), "Aleppo", "SY"),
        ("es", "Nueva York", ("US",), "New York", "US"),
        ("fr", "au sud de la Syrie", ("SY",), "Syria", "SY"),
        ("fr", "département du Gers", ("FR",), "Occitanie", "FR"),
        ("fr", "province de l'Oudalan", ("BF",), "Sahel Region", "BF"),
        ("es", "Guerrero", ("MX",), "Guerrero", "MX"),
        ("ar", "مديرية مقبنة", ("YE",), "Taiz", "YE"),
        ("ar", "مخيم الهول", ("SY",), "al-Hol camp", "SY"),
        ("ru", "в Крыму", ("UA",), "Crimean Peninsula", "UA"),
    ],
)
def test_places_are_found_by_their_names(
    language: str, quote: str, countries: tuple[str, ...], name: str, country: str
) -> None:
    place = read_place(quote, language, Grounds(countries))
    assert place is not None
    assert (place.gazetteer_name, place.country) == (name, country)


def test_of_two_quotes_the_town_counts_and_not_its_country() -> None:
    found = place_of(["جنوب سوريا", "درعا"], "ar", Grounds(("SY",)))
    assert found is not None
    assert (found[0], found[1].gazetteer_name) == (1, "Daraa")


def test_a_namesake_far_from_what_the_article_speaks_of_is_no_place() -> None:
    assert read_place("Coweta", "es", Grounds(("SY",))) is None
    assert read_place("Coweta", "es", Grounds(("US",))) is not None


@pytest.mark.parametrize(
    ("language", "quote", "where", "kind", "actor"),
    [
        ("ar", "القوات التركية", "SY", "external_forces", "tr-military"),
        ("ar", "ميليشيا الحوثي", "YE", "rebel", "ye-houthis"),
        ("ar", "جنود", "PK", "state_forces", "pk-military"),
        ("fa", "ارتش سوریه", "SY", "state_forces", "sy-military"),
        ("fa", "افراد ناشناس", "IR", "unidentified_armed", None),
        ("tr", "polis", "TR", "police", "tr-police"),
        ("tr", "kimliği belirsiz bir kişi", "TR", "unidentified_armed", None),
        ("ru", "боевиков Исламского государства", "SY", "rebel", "is"),
        ("uk", "агітаторів", "IN", "protesters", None),
        ("es", "disidencias de las FARC", "CO", "rebel", "co-farc-dissidents"),
        ("fr", "soldats français", "ML", "external_forces", "fr-military"),
        ("fr", "hommes armés", "BF", "unidentified_armed", None),
    ],
)
def test_actors_have_a_kind(language: str, quote: str, where: str, kind: str, actor: str | None) -> None:
    read = read_actor(quote, language, where)
    assert (read.kind, read.actor_id) == (kind, actor)


#: Ours: an air raid near a market in Arabic.
TEXT = (
    "قتل ستة مدنيين على الأقل مساء الاثنين في غارة على سوق في مدينة إدلب. "
    "وقالت مصادر محلية إن القوات الروسية شنت الغارة."
)


def _told() -> str:
    def at(sentence: int, quote: str) -> dict[str, object]:
        return {"sentence": sentence, "quote": quote}

    event = {
        "trigger": at(0, "غارة"), "sub_event_type": "Air/drone strike", "status": "happened",
        "date": at(0, "مساء الاثنين"), "place": at(0, "مدينة إدلب"), "initiators": [at(1, "القوات الروسية")],
        "targets": [at(0, "مدنيين")], "killed": at(0, "ستة مدنيين على الأقل"),
        "injured": None, "detained": None, "displaced": None,
    }  # fmt: skip
    return json.dumps({"events": [event]}, ensure_ascii=False)


def test_an_arabic_article_gives_an_event_where_a_model_points() -> None:
    article = replace(
        an_article(a_run(), a_source(), "one", TEXT, WEDNESDAY),
        language="ar",
        published=DateReading(None, WEDNESDAY, None, DateOrigin.TEXT, None),
    )
    spans = sentence_spans(TEXT, "ar")
    assert len(spans) == 2
    events, refused = accepted(_told(), TEXT, spans)
    assert not refused
    read = read_again(article, None, (), events, Pointer("llm:a-model", "2; rules 0", 0.5))
    (mention,) = read.mentions
    assert not read.refusals
    assert (mention.when.start, mention.place.gazetteer_name, mention.place.country) == (
        date(2024, 5, 13),
        "Idlib",
        "SY",
    )
    assert mention.killed == Toll(6, 6, None)
    assert [(a.role, a.kind, a.country) for a in mention.actors] == [
        (Role.INITIATOR, "external_forces", "RU"),
        (Role.TARGET, "civilians", None),
    ]
    assert all(TEXT[piece.start : piece.end] == piece.quote for piece in mention.evidence)
