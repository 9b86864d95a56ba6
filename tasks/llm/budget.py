"""What a run may spend on a model: requests, tokens and money, reserved before they are spent."""

import threading
from dataclasses import dataclass, field

from schemas.settings import Settings

#: Runs whose budget is remembered; a process rarely has more than one under way.
_MOST_RUNS = 16
_BUDGETS: dict[str, "Budget"] = {}
_GUARD = threading.Lock()


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent, or may be at most. ``cost`` is in the currency of the prices."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0

    def and_also(self, other: "Spending", sign: int = 1) -> "Spending":
        """Both together; the difference for a ``sign`` of -1."""
        return Spending(
            self.requests + sign * other.requests,
            self.input_tokens + sign * other.input_tokens,
            self.output_tokens + sign * other.output_tokens,
            self.cost + sign * other.cost,
        )


@dataclass(slots=True)
class Budget:
    """The budget of one run, safe to share by threads: what is reserved counts as spent until it is settled."""

    requests: int
    tokens: int
    cost: float
    input_price: float
    output_price: float
    spent: Spending = Spending()
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def reserve(self, input_tokens: int, output_tokens: int, attempts: int) -> tuple[int, Spending] | None:
        """Set aside what a question may need at most: how often it may be tried; ``None`` if too little is left."""
        with self._guard:
            tries = min(attempts, self.requests - self.spent.requests)
            wanted = Spending(tries, input_tokens, output_tokens, self.price(input_tokens, output_tokens))
            total = self.spent.and_also(wanted)
            if tries < 1 or total.input_tokens + total.output_tokens > self.tokens or total.cost > self.cost:
                return None
            self.spent = total
            return tries, wanted

    def settle(self, reserved: Spending, spent: Spending) -> None:
        """Give back what was reserved and not spent."""
        with self._guard:
            self.spent = self.spent.and_also(spent).and_also(reserved, -1)

    def price(self, input_tokens: int, output_tokens: int) -> float:
        """What so many tokens cost; prices are for a million."""
        return (input_tokens * self.input_price + output_tokens * self.output_price) / 1_000_000


def budget_of(run_id: str, settings: Settings) -> Budget:
    """The one budget of a run in this process."""
    with _GUARD:
        if run_id not in _BUDGETS:
            while len(_BUDGETS) >= _MOST_RUNS:
                del _BUDGETS[next(iter(_BUDGETS))]
            _BUDGETS[run_id] = Budget(
                settings.llm_requests,
                settings.llm_tokens,
                settings.llm_cost,
                settings.llm_input_price,
                settings.llm_output_price,
            )
        return _BUDGETS[run_id]
