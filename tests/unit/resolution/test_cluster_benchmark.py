"""The cluster benchmark counts what it says, and training lists no private names."""

from benchmarks.clusters import Merged, article_of, documents, lookalikes, merged
from benchmarks.event_sets import Row
from benchmarks.train_match import NAME_DOCUMENTS, count_words, sign_of


def row(number: int, incident: str, city: str = "Farton") -> Row:
    return {
        "id": f"d{number}", "incident_id": incident, "title": "T", "text": f"Text {number}.",
        "publication_date": "2015-03-02", "url": f"https://paper{number}.example/a",
        "events": [{"date": "2015-03-01", "city_or_county": city}],
    }  # fmt: skip


def test_documents_that_share_any_event_are_one_cluster_and_the_rest_are_alone() -> None:
    rows = [row(number, "x") for number in range(4)]
    a, b, c, _ = (article_of(one).article_id for one in rows)
    said = documents(rows, [(a, "e1"), (b, "e1"), (b, "e2"), (c, "e2")])
    assert said["d0"] == said["d1"] == said["d2"] != said["d3"]


def test_lookalikes_are_two_incidents_of_one_city_and_day() -> None:
    rows = [row(0, "x"), row(1, "y"), row(2, "y", "Overton")]
    assert [(a["id"], b["id"]) for a, b in lookalikes(rows)] == [("d0", "d1")]


def test_a_merger_counts_where_two_texts_tell_of_two_streets() -> None:
    here, there, both = row(0, "x"), row(1, "y"), row(2, "y")
    here["events"][0]["locations"] = ["100 block of Orchard Street", "Farton"]
    both["text"] = "One was shot on Orchard Street and one on Oak Lane."
    told = [(article_of(one).article_id, "e1") for one in (here, there, both)]
    said = {"d0": "c", "d1": "c", "d2": "c"}
    pairs = lookalikes([here, there, both])
    assert merged(pairs, said, told) == Merged(2, 2, 2, [("d0", "d1")])
    assert merged(pairs, said, told[1:]) == Merged(2, 2, 0, []), "in one cluster by a chain of others"
    assert merged(pairs, {"d0": "c", "d1": "d", "d2": "e"}, told).chained == 0


def test_a_name_is_listed_only_where_many_texts_hold_it() -> None:
    texts = ["Amina Qasoumi was seen at the market."] * (NAME_DOCUMENTS - 1) + ["the river and the market"] * 50
    listed = {word for words in count_words(texts) for word in words}
    assert "market" in listed
    assert "qasoumi" not in listed


def test_signs_are_bound_where_reason_says_which_way_they_go() -> None:
    assert sign_of("killed other") == (None, 0.0)
    assert sign_of("names alike") == (0.0, None)
    assert sign_of("same story") == (0.0, 0.0)
