"""The files of national producers that importers read, column by column.

Heads are those the producers write, checked on the files themselves: DGCL ``epcicom`` 2025, INSEE
``base_cc_comparateur`` (census of 2018 and of 2022), INSEE ``mvtcommune`` 2026, Etalab ``epci.json``, ADEME ALDO.
A vintage in a head (``P22_POP``, ``pmun_2025``) may be any.
"""

from coopsim.i18n import Text
from coopsim.importers.reading import Field, Layout

_YEAR = r"(?P<year>\d\d)"
_SIREN = Field("siren", "siren|siren_epci|code|EPCI", "siren", "code")

EPCI_LIST = Layout(
    "epci-list",
    Text(
        "liste des EPCI et de leur population (DGCL, Etalab)",
        "list of EPCI and their population (DGCL, Etalab)",
    ),
    (
        _SIREN,
        Field("name", "raison_sociale|nom|LIBEPCI", "nom", "text"),
        Field("nature", "nature_juridique|type|NATURE_EPCI", "type", "code"),
        Field("regime", "mode_financ|mode_financement|modeFinancement", "mode_financement", "code"),
        Field("population", "total_pop_mun|pop_municipale|populationMunicipale", "pop_municipale", high=2e7),
        Field("vintage", "cog_year", "cog_year", low=1990, high=2100, optional=True),
        Field("communes", "nb_membres|n_communes", "n_communes", low=1, high=2000, optional=True),
        Field("departement", "dept", "dept", "code", optional=True),
    ),
    also=(
        "npm_version",
        "total_pop_tot|pop_totale|populationTotale",
        "dep_com",
        "insee",
        "siren_membre",
        "nom_membre",
        r"ptot_\d{4}",
        r"pmun_\d{4}",
    ),
    repeated=True,  # the file of DGCL has a row for each member
)

MEMBERS = Layout(
    "members",
    Text(
        "composition communale des EPCI (DGCL, INSEE, Etalab)", "communes of each EPCI (DGCL, INSEE, Etalab)"
    ),
    (
        Field("siren", "siren|EPCI|epci", "EPCI", "code", blank=True),
        Field("commune", "insee|CODGEO|membre", "CODGEO", "code"),
        Field("name", "nom_membre|LIBGEO|nomMembre|nom", "LIBGEO", "text", optional=True),
        Field(
            "population",
            r"pmun_(?P<year>\d{4})|populationMembre|population",
            "pmun_2025",
            high=3e6,
            optional=True,
            blank=True,
        ),
        Field("departement", "dep_com|DEP|departement", "DEP", "code", optional=True),
    ),
    also=(
        "dept",
        "raison_sociale",
        "nature_juridique",
        "mode_financ",
        "nb_membres",
        "total_pop_(tot|mun)",
        "siren_membre",
        r"ptot_\d{4}",
        "LIBEPCI",
        "REG",
        "region",
    ),
    key=("commune",),
)

MOVES = Layout(
    "moves",
    Text("mouvements de communes (INSEE, mvtcommune)", "changes of communes (INSEE, mvtcommune)"),
    (
        Field("date", "DATE_EFF", "DATE_EFF", "code"),
        Field("kind_before", "TYPECOM_AV", "TYPECOM_AV", "code", blank=True),
        Field("before", "COM_AV", "COM_AV", "code", blank=True),
        Field("kind_after", "TYPECOM_AP", "TYPECOM_AP", "code", blank=True),
        Field("after", "COM_AP", "COM_AP", "code", blank=True),
    ),
    also=("MOD", "(TNCC|NCC|NCCENR|LIBELLE)_(AV|AP)"),
    repeated=True,
)

_PEOPLE = ("active", "unemployed", "jobs", "salaried_jobs", "dwellings", "vacant_dwellings")
CENSUS = Layout(
    "comparateur",
    Text("comparateur de territoires (INSEE, base_cc_comparateur)", "INSEE base_cc_comparateur"),
    (
        Field("commune", "CODGEO", "CODGEO", "code"),
        Field("population", rf"P{_YEAR}_POP", "P22_POP", high=3e6, blank=True),
        Field("before", rf"D?P{_YEAR}_POP", "P16_POP", high=3e6, blank=True, optional=True, earliest=True),
        Field("area", "SUPERF", "SUPERF", unit="km²", high=20000, blank=True),
        Field("births", r"NAIS\d\d(?P<year>\d\d)", "NAIS1622", high=4e5, blank=True),
        Field("deaths", r"DECE\d\d(?P<year>\d\d)", "DECE1622", high=4e5, blank=True),
        Field("active", rf"P{_YEAR}_ACT1564", "P22_ACT1564", high=2e6, blank=True),
        Field("unemployed", rf"P{_YEAR}_CHOM1564", "P22_CHOM1564", high=1e6, blank=True),
        Field("jobs", rf"P{_YEAR}_EMPLT", "P22_EMPLT", high=3e6, blank=True),
        Field("salaried_jobs", rf"P{_YEAR}_EMPLT_SAL", "P22_EMPLT_SAL", high=3e6, blank=True),
        Field("dwellings", rf"P{_YEAR}_LOG", "P22_LOG", high=2e6, blank=True),
        Field("vacant_dwellings", rf"P{_YEAR}_LOGVAC", "P22_LOGVAC", high=5e5, blank=True),
        Field("employers", rf"ETTOT{_YEAR}", "ETTOT24", high=2e5, blank=True),
        Field("AZ", rf"ETAZ{_YEAR}", "ETAZ24", high=1e5, blank=True),
        Field("BE", rf"ETBE{_YEAR}", "ETBE24", high=1e5, blank=True),
        Field("FZ", rf"ETFZ{_YEAR}", "ETFZ24", high=1e5, blank=True),
        Field("GU", rf"ETGU{_YEAR}", "ETGU24", high=2e5, blank=True),
        Field("OQ", rf"ETOQ{_YEAR}", "ETOQ24", high=1e5, blank=True),
        Field("size_1_9", rf"ETTEF1{_YEAR}", "ETTEF124", high=2e5, blank=True),
        Field("size_10", rf"ETTEFP10{_YEAR}", "ETTEFP1024", high=1e5, blank=True),
    ),
    also=(
        r"P\d\d_\w+",
        r"(NAISD|DECESD|NBMENFISC|PIMP|MED|TP60|ETGZ)\d\d",
        r"LIBGEO|REG|DEP|code_com\w*|nom_\w+",
    ),
    key=("commune",),
)

FOREST_AREA = Layout(
    "forest-area",
    Text("surfaces de forêt par EPCI (IGN, ALDO)", "forest areas by EPCI (IGN, ALDO)"),
    (
        Field("siren", "siren", "siren", "code"),
        Field("broadleaf", "feuillus", "feuillus", unit="ha", high=3e6),
        Field("conifer", "coniferes", "coniferes", unit="ha", high=3e6),
        Field("mixed", "mixtes", "mixtes", unit="ha", high=3e6),
        Field("poplar", "peupleraies", "peupleraies", unit="ha", high=1e6),
        Field("total", "total", "total", unit="ha", high=4e6),
    ),
    also=("jeune_peup", "tx_boisement"),
    key=("siren",),
)

BIOMASS = Layout(
    "biomass",
    Text("biomasse des forêts par EPCI (IGN, ALDO)", "biomass of forests by EPCI (IGN, ALDO)"),
    (
        Field("siren", "siren", "siren", "code"),
        Field("composition", "type", "type", "text"),
        Field("area", "SUPERFICIE", "SUPERFICIE", unit="ha", high=4e6, blank=True),
        Field("volume", r"VOLUME \(m3.ha-1\)", "VOLUME (m3∙ha-1)", unit="m³/ha", high=1500, blank=True),
        Field(
            "production",
            r"PRODUCTION \(m3.ha-1\)",
            "PRODUCTION (m3∙ha-1)",
            unit="m³/ha/yr",
            high=60,
            blank=True,
        ),
        Field(
            "harvest",
            r"PRELEVEMENT \(m3.ha-1.an-1\)",
            "PRELEVEMENT (m3∙ha-1∙an-1)",
            unit="m³/ha/yr",
            high=60,
            blank=True,
        ),
        Field(
            "mortality",
            r"MORTALITE \(m3.ha-1.an-1\)",
            "MORTALITE (m3∙ha-1∙an-1)",
            unit="m³/ha/yr",
            high=60,
            blank=True,
        ),
    ),
    also=("SUPERFICIE_EPCI", "stock", "TX_PRELEV", "BILAN_.*", "Fexp.*"),
    repeated=True,  # some (EPCI, composition) stand twice: they are added up by area
)

HARVEST = Layout(
    "harvest",
    Text("récolte de bois par EPCI (ALDO)", "wood harvest by EPCI (ALDO)"),
    (
        Field("siren", "siren", "siren", "code"),
        Field("composition", "composition", "composition", "text"),
        Field(
            "felled",
            r"PRELEVEMENT VAT ?\(m3/an\)",
            "PRELEVEMENT VAT (m3/an)",
            unit="m³/yr",
            high=5e6,
            blank=True,
        ),
    ),
    also=("SUPERFICIE_EPCI", "PRELEVEMENT +Bois.*", "RECOLTE.*", "recolteB[oi]", "PUITS.*", "STOCKS.*"),
    key=("siren", "composition"),
)

CLC = Layout(
    "clc",
    Text("CORINE Land Cover par EPCI (Copernicus, ALDO)", "CORINE Land Cover by EPCI (Copernicus, ALDO)"),
    (
        Field("siren", "siren", "siren", "code"),
        *(
            Field(f"c{code}", str(code), str(code), unit="ha", high=4e6, blank=True)
            for code in (
                111,
                112,
                121,
                122,
                123,
                124,
                131,
                132,
                133,
                141,
                142,
                211,
                212,
                213,
                221,
                222,
                223,
                241,
                242,
            )
        ),
    ),
    also=(r"[2-5]\d\d",),
    key=("siren",),
)

PREDECESSORS = Layout(
    "predecessors",
    Text("EPCI d'avant une fusion, avec leur part", "EPCI before a merger, with their share"),
    (
        Field("territory", "territory", "territory", "code"),
        Field("predecessor", "predecessor", "predecessor", "code"),
        Field("share", "share_of_predecessor", "share_of_predecessor", high=1.0),
    ),
    key=("territory", "predecessor"),
)

COMPANIES = Layout(
    "companies",
    Text("entreprises du pays par groupe et taille", "companies of the country by group and size"),
    (
        Field("group", "group", "group", "code"),
        Field("size_class", "size_class", "size_class", "text"),
        Field("companies", "companies", "companies", high=2e7),
        Field("year", "year", "year", "text", blank=True),
        Field("source", "source", "source", "text"),
        Field("grade", "grade", "grade", "code"),
        Field("low", "low", "low", blank=True),
        Field("high", "high", "high", blank=True),
    ),
    key=("group", "size_class"),
)

MAIN_RIVERS = Layout(
    "main-rivers",
    Text("grands cours d'eau et territoires qu'ils traversent", "main rivers and the territories they cross"),
    (
        Field("river", "river", "river", "text"),
        Field("order", "order", "order", high=1000),
        Field("territory", "territory", "territory", "code"),
        Field("module", "module_m3s", "module_m3s", unit="m³/s", low=0.1, high=5000),
        Field("into", "into", "into", "text", blank=True),
    ),
    also=("name",),
    key=("river", "order"),
)

BASINS = Layout(
    "basins",
    Text("hypothèses d'eau par département", "assumptions on water by département"),
    (
        Field("departement", "departement", "departement", "code"),
        Field("runoff", "runoff_m3s_per_km2", "runoff_m3s_per_km2", unit="m³/s/km²", low=0.0005, high=0.1),
        Field("regime", "regime", "regime", "code"),
        Field("irrigated", "irrigated_share_of_farmland", "irrigated_share_of_farmland", high=1.0),
    ),
    key=("departement",),
)

FIGURES = Layout(
    "figures",
    Text("chiffres à vous, une ligne chacun", "figures of your own, one row each"),
    (
        Field("table", "table", "table", "text", blank=True),
        Field("column", "column", "column", "text"),
        Field("code", "code", "code", "code"),
        Field("value", "value", "value", "text", blank=True),
        Field("unit", "unit", "unit", "text", blank=True, optional=True),
        Field("year", "year", "year", "text", blank=True, optional=True),
        Field("source", "source", "source", "text", blank=True),
        Field("grade", "grade", "grade", "text", blank=True),
        Field("low", "low", "low", "text", blank=True, optional=True),
        Field("high", "high", "high", "text", blank=True, optional=True),
        Field("note", "note", "note", "text", blank=True, optional=True),
    ),
    also=("name", "what", "now"),
    key=("table", "column", "code"),
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
REGIMES = Layout(
    "regimes",
    Text("coefficients mensuels des débits et des usages", "monthly coefficients of flows and uses"),
    (
        Field("regime", "regime", "regime", "code"),
        Field("kind", "kind", "kind", "code"),
        *(Field(month, month, month, high=12.0) for month in _MONTHS),
    ),
    key=("regime", "kind"),
)
MONTHS = _MONTHS
