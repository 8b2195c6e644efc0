"""Land of each territory: the table of uses, the pipeline and what was consumed."""

from dataclasses import dataclass

from coopsim.types import FloatArray, IntArray


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
    held : FloatArray, shape (T, 3)
        Requests that wait for the next meeting of the services on a grid.
    asked, met : FloatArray, shape (T, 3)
        Needs of land asked for (the first column, companies, is the councils' wish: not counted) and met since
        the start, on land of their own or of another use.
    taken : FloatArray
        Land opened and recycled since the start, for all purposes.
    lent : FloatArray
        Rights to consume that members of a pact gave (positive) or got (negative) in the law's period.
    shielded : FloatArray
        Land protected by the rules since the start.
    provisioned : FloatArray
        Owned plots whose restoration is paid in advance.
    let_share, let_rent : FloatArray
        Of the plots last given to companies: the part that is public and leased, and the rent of a hectare of them
        all, k€/yr. Kept where leases come with criteria.
    commune_share, commune_of : FloatArray, IntArray, shape (M,)
        Share of each commune in its territory's people, and its territory.
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
    held: FloatArray
    asked: FloatArray
    met: FloatArray
    taken: FloatArray
    lent: FloatArray
    shielded: FloatArray
    provisioned: FloatArray
    let_share: FloatArray
    let_rent: FloatArray
    commune_share: FloatArray
    commune_of: IntArray
    priced: tuple[FloatArray, object, FloatArray] | None = None
