"""Readings compared page by page: shares kept, pages a peer reads far better, and folds that keep a site together."""

from benchmarks.gold import Gold, Reading
from benchmarks.pagewise import FOLDS, by_folds, fold_of, kept_share, losses, worse

WORDS = " ".join(f"word{at}" for at in range(40))
HALF = " ".join(f"word{at}" for at in range(20))


def page(name: str, text: str | None = WORDS, site: str = "outlet.example") -> Gold:
    return Gold(name, f"https://{site}/{name}", None, None, None, text)


def test_what_is_kept_is_of_what_the_library_finds_and_the_gold_confirms() -> None:
    assert kept_share(WORDS, WORDS, WORDS) == 1.0
    assert kept_share(WORDS, f"{WORDS} other words of a menu", HALF) == 17 / 37
    assert kept_share(WORDS, "nothing of it at all", HALF) == 1.0


def test_pages_that_keep_too_little_are_named_the_worst_first() -> None:
    golds = [page("whole"), page("half"), page("none"), page("unlabelled", None)]
    mine = [Reading(text=WORDS), Reading(text=HALF), Reading(), Reading()]
    found = losses(golds, mine, [Reading(text=WORDS)] * 4)
    assert [(loss.page, round(loss.kept, 2)) for loss in found] == [("none", 0.0), ("half", 0.46)]


def test_a_page_that_one_peer_reads_far_better_is_named_with_it() -> None:
    peers = {"worse": [Reading(text=HALF)] * 2, "better": [Reading(text=WORDS)] * 2}
    found = worse([page("half"), page("whole")], [Reading(text=HALF), Reading(text=WORDS)], peers)
    assert [(loss.page, loss.tool) for loss in found] == [("half", "better")]


def test_pages_of_one_site_are_in_one_fold() -> None:
    assert fold_of("https://www.outlet.example/a") == fold_of("http://m.outlet.example/b?c=1")
    assert {fold_of(f"https://outlet{at}.example/") for at in range(60)} == set(range(FOLDS))


def test_figures_by_folds_are_means_of_folds_not_of_pages() -> None:
    sites = [f"outlet{at}.example" for at in range(60)]
    one = next(site for site in sites if fold_of(f"https://{site}/") == 0)
    other = next(site for site in sites if fold_of(f"https://{site}/") == 1)
    golds = [page(str(at), site=one) for at in range(3)] + [page("3", site=other)]
    readings = [Reading(text=WORDS)] * 3 + [Reading()]
    mean = by_folds(golds, readings, lambda pairs: {"read": float(all(got.text for _, got in pairs))})
    assert mean == {"read": (0.5, 0.0, 1.0)}
