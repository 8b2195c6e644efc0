"""Land of each territory: the table of uses, the pipeline and what was consumed."""

from dataclasses import dataclass

from coopsim.types import FloatArray


@dataclass(slots=True)
class GroundTable:
    """Land state; (T,) unless said otherwise, ha.

    Attributes
    ----------
    uses : FloatArray, shape (T, 9)
        Sums to the area, always.
    ring : FloatArray, shape (T, lag)
        Land under development.
    consumed : FloatArray, shape (T, 3)
        Natural, farm and forest land consumed since the start, for companies, housing, other uses.
    period_consumed : FloatArray
        Consumed since the law's period began.
    reference : FloatArray
        Consumption of the reference decade.
    communes : FloatArray
        Number of communes of the territory, for the communal guarantee.
    period : int
        Number of the law's period in force.
    opened : FloatArray
        Economic land opened since the start.
    wish : FloatArray
        Economic land that councils decided to open and the rule has not let through yet.
    leased : FloatArray
        Public land leased to companies.
    artificial_start : FloatArray
        Artificial land of the first day.
    public : FloatArray
        Public part of vacant land: its sale is the council's revenue, that of private plots is not.
    priced : tuple, optional
        The table of uses and the parameters of the last price, and that price over its reference, (T,). The
        table of uses is replaced by each conversion, never written in place: its identity tells its state.
    """

    uses: FloatArray
    ring: FloatArray
    consumed: FloatArray
    period_consumed: FloatArray
    reference: FloatArray
    communes: FloatArray
    period: int
    opened: FloatArray
    wish: FloatArray
    public: FloatArray
    artificial_start: FloatArray
    leased: FloatArray
    priced: tuple[FloatArray, object, FloatArray] | None = None
