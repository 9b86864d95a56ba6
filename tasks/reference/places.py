"""Countries, admin-1 units, places and kind words, as the seeds give them."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from schemas.errors import SeedError
from tasks.reference.fold import fold
from tasks.reference.seeds import read_csv_seed, split_list

#: What the licence of GeoNames (CC BY 4.0) asks for wherever its data are shown or exported.
GEONAMES_ATTRIBUTION = "Place data: GeoNames (https://www.geonames.org/), CC BY 4.0, changed: selected and joined."


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Country(_Row):
    """A country: ISO 3166 codes, the names and demonyms news uses, ACLED's region, a middle in degrees."""

    iso2: str = Field(pattern=r"^[A-Z]{2}$")
    iso3: str = Field(pattern=r"^[A-Z]{3}$")
    iso_numeric: int
    name: str
    aliases: str = ""
    demonyms: str = ""
    region: str = ""
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    gazetteer: str = Field(pattern=r"^(full|main)$")
    loose: str = Field(default="", pattern=r"^(yes)?$")

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its other names."""
        return self.name, *split_list(self.aliases)


class Admin1(_Row):
    """A first-order unit. ``code`` is GeoNames' admin1 code within its country."""

    country: str = Field(pattern=r"^[A-Z]{2}$")
    code: str
    name: str
    aliases: str = ""
    kind: str
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its other names."""
        return self.name, *split_list(self.aliases)


class Admin2(_Row):
    """A second-order unit that GeoNames gives few of its towns, and the names of the towns in it."""

    country: str = Field(pattern=r"^[A-Z]{2}$")
    admin1: str
    name: str
    places: str


class SeedPlace(_Row):
    """A place of our own: one that GeoNames' towns lack, or that news spells otherwise."""

    id: str = Field(pattern=r"^[a-z]{2}-\S+$")
    name: str
    aliases: str = ""
    kind: str
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    admin1: str = ""
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its other names."""
        return self.name, *split_list(self.aliases)


class KindWord(_Row):
    """A word that says what a place is; ``use`` is where it stands (after, before, of, seed)."""

    word: str
    kind: str
    precision: int = Field(ge=1, le=7)
    use: str = Field(pattern=r"^(after|before|of|seed)$")


@cache
def countries() -> dict[str, Country]:
    """The countries by ISO alpha-2 code."""
    return {row.iso2: row for row in read_csv_seed("countries.csv", Country)}


@cache
def admin1_units() -> dict[tuple[str, str], Admin1]:
    """The admin-1 units by country and GeoNames code."""
    units = {(row.country, row.code): row for row in read_csv_seed("admin1.csv", Admin1)}
    strangers = {country for country, _ in units} - countries().keys()
    if strangers:
        raise SeedError(f"admin1.csv: countries that are not in countries.csv: {', '.join(sorted(strangers))}")
    return units


@cache
def admin2_units() -> tuple[Admin2, ...]:
    """The second-order units of ``seeds/admin2.csv``, their provinces known."""
    rows = read_csv_seed("admin2.csv", Admin2)
    names = {(unit.country, unit.name) for unit in admin1_units().values()}
    for row in rows:
        if (row.country, row.admin1) not in names:
            raise SeedError(
                f"admin2.csv: {row.name}: admin1: {row.admin1!r} is not a unit of {row.country} in admin1.csv"
            )
    return rows


@cache
def seed_places() -> tuple[SeedPlace, ...]:
    """The places of ``seeds/places.csv``, ids unique, kinds and admin-1 names known."""
    rows = read_csv_seed("places.csv", SeedPlace)
    kinds = {word.kind for word in kind_words().values()}
    names = {(unit.country, unit.name) for unit in admin1_units().values()}
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise SeedError(f"places.csv: {row.id}: id: used twice")
        if row.kind not in kinds:
            raise SeedError(f"places.csv: {row.id}: kind: {row.kind!r} is not a kind in place_kinds.csv")
        if row.admin1 and (row.country, row.admin1) not in names:
            raise SeedError(
                f"places.csv: {row.id}: admin1: {row.admin1!r} is not a unit of {row.country} in admin1.csv"
            )
        seen.add(row.id)
    return rows


@cache
def kind_words() -> dict[str, KindWord]:
    """The kind words by their word, lower case."""
    return {row.word: row for row in read_csv_seed("place_kinds.csv", KindWord)}


@cache
def kind_precision() -> dict[str, int]:
    """UCDP's where_prec by kind: the first row of a kind counts."""
    precisions: dict[str, int] = {}
    for word in kind_words().values():
        precisions.setdefault(word.kind, word.precision)
    return precisions


@cache
def demonyms() -> dict[str, str]:
    """ISO alpha-2 code by folded demonym, singular and plural ("syrian", "syrians")."""
    codes: dict[str, str] = {}
    for country in countries().values():
        for demonym in split_list(country.demonyms):
            key = fold(demonym)
            codes[key] = country.iso2
            if not key.endswith(("s", "ish", "ese", "ch")):
                codes[f"{key}s"] = country.iso2
    return codes


def country_name(iso2: str | None) -> str | None:
    """The English name of a country's code, ``None`` for none or an unknown one."""
    country = countries().get(iso2 or "")
    return country.name if country else None
