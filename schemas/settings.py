"""Settings: from ``FIRSTDRAFT_*`` in the environment or ``.env``; read when asked for, never at import."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
DEMO_SOURCES = SEEDS / "demo" / "sources.yml"
#: What a model says of the demo's Arabic pages, written down beforehand.
DEMO_REPLIES = SEEDS / "demo" / "replies"


class Settings(BaseSettings):
    """What a machine decides: places, limits, manners. Facts about the world live in ``seeds/``."""

    model_config = SettingsConfigDict(env_prefix="FIRSTDRAFT_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default=Path("data"), description="Where the warehouse and the captures live.")
    seeds: Path | None = Field(
        default=None, description="A folder of your own facts, laid over seeds/: docs/codebook.md."
    )
    sources_file: Path | None = Field(default=None, description="Sources to use instead of seeds/sources/.")
    contact_url: str = Field(default="", description="A page that says who runs this; sent with each request.")
    contact_email: str = Field(default="", description="Whom a webmaster may write to; sent with each request.")
    allow_loopback: bool = Field(default=False, description="Let the client reach 127.0.0.1: the demo and the tests.")
    connect_to: dict[str, str] = Field(
        default_factory=dict,
        description="Host name to 127.0.0.1:port, as curl's --connect-to: the demo's outlets; needs allow_loopback.",
    )
    allowed_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(80, 443), description="Ports the client may connect to, with commas between them: 80,443,8080."
    )
    connect_timeout: float = Field(default=10.0, gt=0, description="Seconds to connect.")
    read_timeout: float = Field(default=20.0, gt=0, description="Seconds between two reads.")
    total_timeout: float = Field(default=60.0, gt=0, description="Seconds for one page, redirects and body included.")
    max_body_bytes: int = Field(default=10 * 1024 * 1024, gt=0, description="Decoded bytes of one page.")
    max_redirects: int = Field(default=10, ge=0, description="Hops one fetch may follow.")
    max_delay_seconds: float = Field(default=120.0, gt=0, description="Longest crawl delay honoured; above: deferred.")
    refetch: bool = Field(default=False, description="Let a backfill ask again for pages that are held already.")
    retries: int = Field(default=2, ge=0, description="Further tries of one request after a passing fault.")
    batch_size: int = Field(default=100, gt=0, description="Pages in one task run.")
    archive_delay_seconds: float = Field(
        default=5.0, ge=0, description="Seconds between two requests to a web archive (backfill --from-cdx)."
    )
    lookback_days: int = Field(default=3, gt=0, description="Days before today the nightly window reaches back.")
    catch_up_days: int = Field(
        default=31, gt=0, description="Most days a nightly window reaches back after nights that were missed."
    )
    source_links: int = Field(
        default=2_000,
        gt=0,
        description="Most links asked for of one source a night; the newest first, others deferred.",
    )
    found_share: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="Most of a run's pages that outlets known by a search alone may be; 1: all.",
    )
    ccnews_bytes: int = Field(
        default=256 << 20,
        gt=0,
        description="Most bytes of CC-NEWS files a finder reads in a run, spread over its files.",
    )
    ccnews_records: int = Field(default=2_000, gt=0, description="Most pages a finder takes from them in a run.")
    source_minutes: float = Field(
        default=60.0, gt=0, description="Most minutes a night asks one source, and its pages are read; then deferred."
    )
    night_minutes: float = Field(
        default=360.0, gt=0, description="Minutes after which a night asks and reads nothing more, and publishes."
    )
    pause_points: float = Field(
        default=15.0, gt=0, description="Failure points (seeds/failure_points.csv) at which a source is paused."
    )
    ask_paused: bool = Field(default=False, description="Ask paused sources all the same.")
    warc_bytes: int = Field(default=1 << 30, gt=0, description="A WARC file that would grow larger gets a successor.")
    ledger_bytes: int = Field(default=64 << 20, gt=0, description="The same for the files of the ledger.")
    state_hash_bytes: int = Field(
        default=2 << 30, ge=0, description="Above this size of the warehouse a run ends without the hash of its state."
    )
    warehouse_file: Path | None = Field(
        default=None,
        description="The warehouse, where it is not data_dir/warehouse.duckdb; its snapshot lies beside it.",
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=0,
        description="Child processes for cleaning and coding; 0: in this process, without limits on a page.",
    )
    page_cpu_seconds: float = Field(
        default=20.0, gt=0, description="CPU a child may spend on one page; thrice the clock."
    )
    page_memory_mb: int = Field(default=1024, gt=0, description="Address space of a child while it reads a page, MiB.")
    metrics_file: Path | None = Field(
        default=None, description="Figures for Prometheus after each run, where it is not data_dir/metrics.prom."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="json: each log line is an object with time, level, run, source and stage."
    )
    log_file: Path | None = Field(default=None, description="Where JSON log lines go instead of standard error.")
    site_url: str = Field(default="", description="Where readers find the site, for the link each run leaves.")
    coordinate_decimals: int | None = Field(
        default=None,
        ge=0,
        le=6,
        description="Decimals of coordinates in snapshot and exports; 2 are about 1 km. All where it is not set.",
    )
    site: bool = Field(
        default=True,
        description="Build the site, a page an event (1.2 GB for 100,000). Off: none is begun; an old one is kept up.",
    )
    site_days: int = Field(default=30, gt=0, description="Least days the site's front page tells of.")
    site_tiles: str = Field(
        default="", description="Map tiles of your own for the site: an address with {z}, {x} and {y}; empty: none."
    )
    site_tiles_credit: str = Field(default="", description="Whom those tiles' makers want named on the map.")
    count_from: float | None = Field(
        default=None, ge=0, le=1,
        description="Confidence from which a mention counts as an event; empty: what the reader's model says.",
    )  # fmt: skip
    llm: Literal["off", "all", "unsure"] = Field(
        default="off",
        description="all: a language model reads every article; unsure: it reads again what is below llm_below.",
    )
    llm_url: str = Field(default="", description="Base of an OpenAI-compatible server, as http://127.0.0.1:11434/v1.")
    llm_model: str = Field(default="", description="The model, as that server calls it.")
    llm_profile: Literal["general", "ngec"] = Field(
        default="general", description="How it is asked: in our own protocol, or as NGEC's extractor is (English only)."
    )
    llm_below: float = Field(default=0.5, ge=0, le=1, description="Confidence below which a mention is unsure.")
    llm_timeout: float = Field(default=60.0, gt=0, description="Seconds for one answer of the model.")
    llm_retries: int = Field(default=2, ge=0, description="Further tries of a question after a passing fault.")
    llm_workers: int = Field(default=4, gt=0, description="Questions asked at the same time.")
    llm_requests: int = Field(default=1_000, ge=0, description="Most requests to the model a run, retries included.")
    llm_tokens: int = Field(default=5_000_000, ge=0, description="Most tokens a run, read and written.")
    llm_cost: float = Field(default=5.0, ge=0, description="Most a run may cost, in the currency of the prices.")
    llm_input_price: float = Field(default=0.0, ge=0, description="Price of a million tokens read by the model.")
    llm_output_price: float = Field(default=0.0, ge=0, description="Price of a million tokens written by it.")
    llm_reply_tokens: int = Field(default=4_000, gt=0, description="Most tokens of one answer.")
    llm_article_chars: int = Field(default=20_000, gt=0, description="Characters of an article the model is shown.")
    llm_format: Literal["json_schema", "json_object", "text"] = Field(
        default="json_schema", description="The form asked for: what the server can hold its model to."
    )
    llm_options: dict[str, Any] = Field(
        default_factory=lambda: {"temperature": 0}, description="Further fields of a request, as JSON; never the key."
    )
    task_runner: Literal["threads", "dask"] = Field(
        default="threads", description="Where clean and extract run: in this process, or on a Dask cluster."
    )
    task_runner_address: str = Field(
        default="", description="The cluster's scheduler, as tcp://10.0.0.5:8786; empty: one on this machine."
    )
    captures_url: str = Field(
        default="", description="Object storage where a cluster's workers read captures, as s3://bucket/captures."
    )
    exports_url: str = Field(
        default="", description="Object storage that each report brings up to the exports, as s3://bucket/exports."
    )
    remote: bool = Field(default=False, description="Set for a cluster's workers: captures are read from captures_url.")
    api_per_minute: int = Field(default=600, ge=1, description="Requests `firstdraft api` answers an address a minute.")
    stamp_url: str = Field(
        default="", description="A time-stamping authority (RFC 3161) for `firstdraft stamp`; empty: none is asked."
    )
    stamp_calendars: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Calendars of OpenTimestamps for `firstdraft stamp`, as https://a.pool.opentimestamps.org.",
    )
    stamp_ca_file: Path | None = Field(
        default=None, description="That authority's certificates (PEM), by which `firstdraft verify` checks stamps."
    )
    wayback_save: bool = Field(
        default=False, description="Let `firstdraft stamp` ask the Wayback Machine to save each page of the run, too."
    )
    wayback_url: str = Field(default="https://web.archive.org/save", description="Its save API.")
    wayback_delay_seconds: float = Field(default=10.0, ge=1, description="Seconds between two such requests.")
    lock_wait_seconds: float = Field(default=30.0, ge=0, description="How long a writer waits for the other one.")

    serve_names: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Host names, beside this machine's own, that requests to the server of `serve` may call it by.",
    )

    @field_validator("allowed_ports", "serve_names", "stamp_calendars", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        """As JSON, or as words with commas between them: ``8091``, ``80,443``, ``[80, 443]``."""
        if not isinstance(given, str):
            return given
        return (
            json.loads(given)
            if given.lstrip().startswith("[")
            else [word for word in map(str.strip, given.split(",")) if word]
        )

    def night_end(self, begun: datetime) -> datetime:
        """When a night that began then asks and reads nothing more."""
        return begun + timedelta(minutes=self.night_minutes)

    @property
    def user_agent(self) -> str:
        """Name, version and, if set, URL and address of whoever runs this."""
        contact = "; ".join(
            part for part in (f"+{self.contact_url}" if self.contact_url else "", self.contact_email) if part
        )
        return f"firstdraft/0.1 ({contact})" if contact else "firstdraft/0.1"

    @property
    def warehouse_path(self) -> Path:
        """The one DuckDB file."""
        return self.warehouse_file or self.data_dir / "warehouse.duckdb"

    @property
    def published_path(self) -> Path:
        """The read snapshot: what ``firstdraft sql`` and other readers open, replaced whole at the end of a run."""
        if self.warehouse_file is not None:
            return self.warehouse_file.with_name(f"{self.warehouse_file.stem}.published.duckdb")
        return self.data_dir / "published.duckdb"

    @property
    def captures_dir(self) -> Path:
        """The folder of WARC files."""
        return self.data_dir / "captures"

    @property
    def captures_read_from(self) -> Path | str:
        """Where pages are read back from: the folder of WARC files, or its copy in object storage."""
        return self.captures_url if self.remote else self.captures_dir

    @property
    def spool_dir(self) -> Path:
        """Where archives of others lie while their pages are taken over; emptied when a run is over."""
        return self.data_dir / "spool"

    @property
    def ledger_dir(self) -> Path:
        """The folder of the ledger: what was kept and done, outside the database."""
        return self.data_dir / "ledger"

    @property
    def metrics_path(self) -> Path:
        """What a monitor reads."""
        return self.metrics_file or self.data_dir / "metrics.prom"

    @property
    def llm_cache_dir(self) -> Path:
        """Replies of a language model, by what it was asked; may be deleted."""
        return self.data_dir / "llm"

    @property
    def gazetteers_dir(self) -> Path:
        """The indexes of the country dumps of GeoNames that people added."""
        return self.data_dir / "gazetteers"

    @property
    def reader_dir(self) -> Path:
        """The reader's models that ``firstdraft teach`` made here."""
        return self.data_dir / "reader"

    @property
    def exports_dir(self) -> Path:
        """Where the exports are written."""
        return self.data_dir / "exports"

    @property
    def stamps_dir(self) -> Path:
        """Time stamps of the ledger's head, and what an archive answered that was asked to save pages."""
        return self.data_dir / "stamps"

    @property
    def alerts_dir(self) -> Path:
        """What was told of each alert."""
        return self.data_dir / "alerts"

    @property
    def site_dir(self) -> Path:
        """Where the site is written."""
        return self.data_dir / "site"

    def for_demo(self) -> "Settings":
        """These settings, but for the bundled site: its own folder and sources, loopback allowed, no long waits.

        What is in other languages than English is read by replies of a model that were written down beforehand.
        Those of the demo stay as they are.
        """
        if self.sources_file == DEMO_SOURCES and self.data_dir.name == "demo":
            return self
        changes = {
            "data_dir": self.data_dir / "demo",
            "sources_file": DEMO_SOURCES,
            "allow_loopback": True,
            "total_timeout": 10.0,
            "retries": 0,
            "llm": "unsure",
            "llm_url": DEMO_REPLIES.as_uri(),
            "llm_model": "recorded",
            "llm_profile": "general",
            "llm_below": 0.0,
        }
        return self.model_copy(update=changes)
