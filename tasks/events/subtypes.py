"""Which of ACLED's sub-types an incident is: by its words, then its weapons, then who stood against whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.mention import Role
from tasks.events.actors.resolve import is_armed, kind_of
from tasks.events.language.vocabulary import OPEN_ACTS, Act, WeaponRow, acts, event_words, weapons
from tasks.events.participants import Participant
from tasks.events.triggers import Trigger

#: The more telling act of one incident told in several words.
_RANK = (
    "chemical", "suicide_bomb", "drone_strike", "air_strike", "grenade", "shelling", "remote_explosive",
    "attack_civilians", "armed_clash",
)  # fmt: skip
_STATES = ("state_forces", "police", "external", "external_forces", "government")
_FOREIGN = ("external", "external_forces")


@dataclass(frozen=True, slots=True)
class WeaponFound:
    """A weapon with its characters (document offsets)."""

    row: WeaponRow
    start: int
    end: int


@cache
def _openings() -> frozenset[str]:
    """The words phrases of weapons begin with."""
    return frozenset(phrase[0] for phrase in weapons())


def find_weapons(words: Sequence[tuple[str, str, int, int]]) -> tuple[WeaponFound, ...]:
    """The weapons some words name, longest phrase first. ``words``: (as written in lower case, lemma, start, end)."""
    found, i, table, openings = [], 0, weapons(), _openings()
    while i < len(words):
        if words[i][0] not in openings and words[i][1] not in openings:
            i += 1
            continue
        for length in (3, 2, 1):
            part = words[i : i + length]
            forms = {tuple(w[0] for w in part), (*(w[0] for w in part[:-1]), part[-1][1]), tuple(w[1] for w in part)}
            row = next((table[form] for form in forms if form in table), None)
            if row is not None and len(part) == length:
                found.append(WeaponFound(row, part[0][2], part[-1][3]))
                i += length - 1
                break
        i += 1
    return tuple(found)


def are_flown(weapons: Iterable[WeaponFound]) -> bool:
    """Whether aircraft or drones are among some weapons."""
    return any(weapon.row.act in ("air_strike", "drone_strike") for weapon in weapons)


def decide(
    told: Sequence[str], found: Sequence[WeaponFound], people: Iterable[Participant], victims: Iterable[str]
) -> Act:
    """The act of an incident. ``told``: its triggers' acts in text order; ``victims``: head nouns of those hurt."""
    sides = Sides.of(people, victims)
    specific = [act for act in told if act not in OPEN_ACTS and act != _AFAR]
    if "capture" in told and not any(act in _RANK[:7] for act in specific[:1]):
        return acts()[sides.captor()]
    if any(act in ("protest", "riot", "protest_intervention", "excessive_force") for act in told):
        return acts()[_in_the_streets(told)]
    if "looting" in specific and (set(specific) != {"looting"} or "kill" in told or sides.people_fell):
        # What attackers take or burn is a part of their attack; ACLED codes it where nobody was hit.
        specific = [act for act in specific if act != "looting"]
    if "attack_civilians" in specific and sides.fighters_fell and not sides.civilians_fell:
        specific = ["armed_clash" if act == "attack_civilians" else act for act in specific]
    name = _telling(specific, found) if specific else _open(told, found, sides)
    if name == "armed_clash" and {"rioters", "protesters"} & {*sides.initiator_kinds, *sides.target_kinds}:
        name = "violent_demonstration"
    if set(sides.initiator_kinds) & {"rioters", "protesters"}:
        # Crowds that burn riot; crowds that kill are a mob.
        name = {"looting": "violent_demonstration", "attack_civilians": "mob_violence"}.get(name, name)
    return acts()[name]


#: A strike named by a noun, which comes from afar and is no bomb somebody laid.
_AFAR = "strike from afar"


def act_told(trigger: Trigger, text: str) -> str:
    """The act a trigger tells of; "another strike" is open, but not to everything a bombing may be."""
    word = text[trigger.start : trigger.end].lower()
    return _AFAR if trigger.act == "bombing" and word.startswith("strike") else trigger.act


def _open(told: Sequence[str], found: Sequence[WeaponFound], sides: "Sides") -> str:
    """What an incident told in open words is: by its weapon, then its sides."""
    armed = [weapon.row.act for weapon in found if weapon.row.act]
    if armed:
        return armed[0]
    if set(told) == {"arson"} and not sides.people_fell:
        return "looting"
    if "strike" in told and not {"kill", "attack"} & set(told):
        return sides.open_attack() if found else "shelling"
    if "strike" in told and "attack" not in told and set(sides.initiator_kinds) & set(_FOREIGN):
        # What a state strikes abroad, killing people there, it strikes from afar.
        return "air_strike"
    return _from_afar(told, sides)


def _from_afar(told: Sequence[str], sides: "Sides") -> str:
    """What strikes, bombings and explosions are whose weapon nobody names."""
    if _AFAR in told:
        return "shelling" if sides.initiator_is_group else "air_strike"
    if "bombing" in told:
        return "air_strike" if sides.initiator_is_state else "remote_explosive"
    return "remote_explosive" if "explosion" in told else sides.open_attack()


def _telling(specific: Sequence[str], found: Sequence[WeaponFound]) -> str:
    """The act of the highest rank; an act outside the ranks stands for itself."""
    if specific[0] not in _RANK:
        return specific[0]
    ranked = [act for act in specific if act in _RANK]
    best = min(ranked, key=_RANK.index)
    chemical = any(weapon.row.act == "chemical" for weapon in found)
    return "chemical" if chemical and best in ("shelling", "air_strike") else best


def _in_the_streets(told: Sequence[str]) -> str:
    if "excessive_force" in told:
        return "excessive_force"
    if "riot" in told or "armed_clash" in told:
        return "violent_demonstration"
    if "kill" in told or "attack" in told:
        return "excessive_force"
    return "protest_intervention" if "protest_intervention" in told or "arrest" in told else "peaceful_protest"


def _kind_hit(person: Participant) -> str:
    """The kind of what was aimed at; a base or an outpost is its soldiers."""
    manned = person.actor.role is Role.OBJECT and bool(event_words("manned") & set(person.actor.name.lower().split()))
    return "state_forces" if manned else person.actor.kind


@dataclass(frozen=True, slots=True)
class Sides:
    """What is known of who acted and who was hurt."""

    initiator_kinds: tuple[str, ...]
    target_kinds: tuple[str, ...]
    victim_kinds: tuple[str, ...]

    @classmethod
    def of(cls, people: Iterable[Participant], victims: Iterable[str]) -> "Sides":
        """From the participants and the head nouns of the tolls."""
        kept = tuple(people)
        return cls(
            tuple(p.actor.kind for p in kept if p.actor.role is Role.INITIATOR),
            tuple(_kind_hit(p) for p in kept if p.actor.role in (Role.TARGET, Role.OBJECT)),
            tuple(kind for noun in victims if (kind := kind_of(noun))),
        )

    @property
    def initiator_is_state(self) -> bool:
        """Whether a state's or an outside force acted."""
        return any(kind in _STATES for kind in self.initiator_kinds)

    @property
    def initiator_is_group(self) -> bool:
        """Whether those who acted fight, and for no state: few of them have aircraft."""
        return not self.initiator_is_state and any(is_armed(kind) for kind in self.initiator_kinds)

    @property
    def initiator_is_ruler(self) -> bool:
        """Whether a state, or an organised group that may rule where it is, acted: no gunmen, no gang."""
        return any(is_armed(kind) and kind not in ("unidentified_armed", "criminal") for kind in self.initiator_kinds)

    @property
    def people_fell(self) -> bool:
        """Whether persons were hurt or aimed at, and not things alone."""
        return bool(self.victim_kinds) or any(kind != "property" for kind in self.target_kinds)

    @property
    def fighters_fell(self) -> bool:
        """Whether armed persons were hurt, or aimed at where nobody was counted."""
        return any(is_armed(kind) for kind in (self.victim_kinds or self.target_kinds))

    @property
    def civilians_fell(self) -> bool:
        """Whether unarmed persons were hurt, or aimed at where nobody was counted."""
        return any(not is_armed(kind) for kind in (self.victim_kinds or self.target_kinds))

    def captor(self) -> str:
        """Whether ground went to a state or to a group; by the loser where the winner is not told."""
        if self.initiator_kinds:
            # A foreign state's army overtakes as a group does, unless the state's own fight with it.
            own = any(kind in _STATES and kind not in _FOREIGN for kind in self.initiator_kinds)
            return "government_regains" if own else "non_state_overtakes"
        return "non_state_overtakes" if any(kind in _STATES for kind in self.target_kinds) else "government_regains"

    def open_attack(self) -> str:
        """A battle where fighters fell or fought, force against those who protest, else violence against civilians."""
        if "protesters" in self.target_kinds and self.initiator_is_ruler and not self.fighters_fell:
            return "excessive_force"
        if self.fighters_fell or any(is_armed(kind) for kind in self.target_kinds):
            return "armed_clash"
        if self.civilians_fell or not self.initiator_kinds:
            return "attack_civilians"
        return "armed_clash" if self.initiator_is_state else "attack_civilians"
