"""Importers: official national files, by their real column names, become the CSV tables of a case folder.

Each source of `SOURCES` reads files that the user downloaded (nothing is fetched) and writes the columns it knows,
with their rows in ``sources.csv``: unit, year, source, grade, range. Other columns of the case are left as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.census import import_census
from coopsim.importers.conventions import conventions
from coopsim.importers.extract import import_extract
from coopsim.importers.figures import import_figures
from coopsim.importers.fills import import_assumptions
from coopsim.importers.folder import CaseFolder
from coopsim.importers.forests import import_forest
from coopsim.importers.job import Job
from coopsim.importers.land_cover import import_corine
from coopsim.importers.national import import_companies
from coopsim.importers.outlines import import_outlines
from coopsim.importers.perimeters import import_epci
from coopsim.importers.waters import import_water
from coopsim.registry import nearest

__all__ = ["SOURCES", "Done", "Source", "import_files"]


@dataclass(frozen=True, slots=True)
class Source:
    """One source that can be imported.

    Attributes
    ----------
    title, needs, writes : Text
        What it is, the files it needs, the tables and columns it writes.
    run : callable
    options : mapping of str to str
        Own options and their defaults.
    conventions : tuple of str
        Assumed values that it uses; each may be given as an option.
    """

    title: Text
    needs: Text
    writes: Text
    run: Callable[[Job], None]
    options: Mapping[str, str]
    conventions: tuple[str, ...] = ()


SOURCES: dict[str, Source] = {
    "epci": Source(
        Text(
            "Intercommunalités et populations légales (DGCL, INSEE)",
            "Intercommunalités and legal populations (DGCL, INSEE)",
        ),
        Text(
            "epcicom de la DGCL (liste des EPCI à fiscalité propre et de leurs membres) ou epci.json d'Etalab",
            "epcicom of DGCL (EPCI with own taxation and their members), or epci.json of Etalab",
        ),
        Text(
            "territoires : code, nom, population, régime fiscal, communes",
            "territories: code, name, population, tax regime, communes",
        ),
        import_epci,
        {"natures": "CC,CA,CU,METRO", "vintage": "", "year": "2026", "population_year": "2022"},
    ),
    "comparateur": Source(
        Text(
            "Recensement et établissements employeurs (INSEE, comparateur de territoires)",
            "Census and employer establishments (INSEE, comparateur de territoires)",
        ),
        Text(
            "base_cc_comparateur.csv, une composition communale (epcicom, ou CODGEO–EPCI de l'INSEE), et mvtcommune si "
            "les millésimes diffèrent",
            "base_cc_comparateur.csv, a list of communes by EPCI (epcicom, or CODGEO–EPCI of INSEE), and mvtcommune if "
            "the vintages differ",
        ),
        Text(
            "territoires : surface, soldes, actifs, emplois, logements ; établissements",
            "territories: area, balances, active, jobs, dwellings; establishments",
        ),
        import_census,
        {"communes": "no"},
    ),
    "companies": Source(
        Text("Entreprises du pays par groupe et taille", "Companies of the country by group and size"),
        Text(
            "une table group, size_class, companies, year, source, grade, low, high",
            "a table group, size_class, companies, year, source, grade, low, high",
        ),
        Text("établissements", "establishments"),
        import_companies,
        {},
    ),
    "forest": Source(
        Text(
            "Forêt et récolte par EPCI (IGN ; ADEME, ALDO)", "Forest and harvest by EPCI (IGN; ADEME, ALDO)"
        ),
        Text(
            "les fichiers d'ALDO : surfaces de forêt, biomasse ; facultatifs : récolte, EPCI d'avant les fusions",
            "the files of ALDO: forest areas, biomass; optional: harvest, EPCI before mergers",
        ),
        Text("forêt", "forest"),
        import_forest,
        {},
        (
            "public_forest_share",
            "large_private_share",
            "mixed_broadleaf_share",
            "capacity_broadleaf_m3_per_ha",
            "capacity_conifer_m3_per_ha",
            "capacity_over_stock",
            "sustained_share",
            "owners_per_unit",
        ),
    ),
    "corine": Source(
        Text(
            "Occupation du sol par EPCI (CORINE Land Cover ; ADEME, ALDO)",
            "Land cover by EPCI (CORINE Land Cover; ADEME, ALDO)",
        ),
        Text(
            "surfaces CORINE par EPCI, et EPCI d'avant les fusions (facultatif)",
            "CORINE areas by EPCI, and EPCI before mergers (optional)",
        ),
        Text("territoires : usages du sol", "territories: land uses"),
        import_corine,
        {},
        (
            "housing_m2_per_dwelling",
            "housing_scattered_ceiling",
            "economic_vacant_share",
            "brownfield_share",
            "other_artificial_share",
            "protected_share",
            "economic_ceiling",
        ),
    ),
    "outlines": Source(
        Text("Contours des communes (IGN, Admin Express)", "Outlines of communes (IGN, Admin Express)"),
        Text(
            "cartes GeoJSON des communes, une composition communale, et mvtcommune si les millésimes diffèrent",
            "GeoJSON maps of communes, a list of communes by EPCI, and mvtcommune if the vintages differ",
        ),
        Text(
            "territoires : centre ; liens : contiguïté, route", "territories: centre; links: contiguity, road"
        ),
        import_outlines,
        {"outline_year": "2018"},
        ("road_detour", "road_speed_km_per_h", "contact_m"),
    ),
    "water": Source(
        Text(
            "Eau par hypothèse : cours d'eau propres, grands cours d'eau, services",
            "Water by assumption: own streams, main rivers, services",
        ),
        Text(
            "hypothèses par département, grands cours d'eau, régimes mensuels, surfaces CORINE (terres cultivées)",
            "assumptions by département, main rivers, monthly regimes, CORINE areas (farmland)",
        ),
        Text("nœuds d'eau, régimes, organismes", "water nodes, regimes, bodies"),
        import_water,
        {},
        (
            "livestock_m3s_per_km2",
            "doe_share",
            "service_peak",
            "service_margin",
            "drinking_m3_per_head",
            "network_yield",
            "river_intake_share",
        ),
    ),
    "assumptions": Source(
        Text("Colonnes qu'aucun fichier ne donne", "Columns that no file gives"),
        Text("un fichier TOML de règles [[fill]]", "a TOML file of [[fill]] rules"),
        Text("toute colonne", "any column"),
        import_assumptions,
        {},
    ),
    "figures": Source(
        Text("Chiffres à vous, avec leur source", "Figures of your own, with their source"),
        Text(
            "une table table, column, code, value, unit, year, source, grade (figures.csv de coopsim new)",
            "a table table, column, code, value, unit, year, source, grade (figures.csv of coopsim new)",
        ),
        Text("les cases nommées, et leur source", "the cells named, and their source"),
        import_figures,
        {},
    ),
    "extract": Source(
        Text("Une partie d'un cas", "Part of a case"),
        Text(
            "un cas (nom livré ou dossier) ; --set territories=code;nom, departements=46;12, rings=1 ; pour ne "
            "prendre que certaines tables, tables=forest;water_nodes",
            "a case (shipped name or folder); --set territories=code;name, departements=46;12, rings=1; to take some "
            "tables only, tables=forest;water_nodes",
        ),
        Text("toutes les tables", "all tables"),
        import_extract,
        {"territories": "", "departements": "", "rings": "0", "year": "2022", "tables": ""},
    ),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What an import wrote.

    Attributes
    ----------
    files : tuple of str
        Names of the files written.
    rows : dict of str to int
        Rows touched, by table.
    remarks : tuple of Text
    """

    files: tuple[str, ...]
    rows: dict[str, int]
    remarks: tuple[Text, ...]


def import_files(
    source: str,
    files: Sequence[Path],
    into: Path,
    options: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
) -> Done:
    """Import files of a source into a case folder; nothing is written when anything is refused.

    Parameters
    ----------
    source : str
        A name of `SOURCES`.
    files : sequence of Path
    into : Path
        Folder of the case; made if it does not exist.
    options : mapping of str to str, optional
    encoding : str
        Of the files; the tables of a case are always UTF-8.

    Raises
    ------
    ScenarioError
        For an unknown source or option, and with every mistake of the files.
    """
    if source not in SOURCES:
        message = Text("aucune source ne porte ce nom", "no source has this name")
        near = nearest(source, list(SOURCES))
        raise ScenarioError([Problem(message, value=source, allowed=", ".join(SOURCES), nearest=near)])
    found = SOURCES[source]
    known = {**found.options, **dict.fromkeys(found.conventions, "")}
    wrong = [name for name in options or {} if name not in known]
    if wrong:
        message = Text("option inconnue de cette source", "this source has no such option")
        raise ScenarioError(
            [
                Problem(message, key=name, allowed=", ".join(known), nearest=nearest(name, list(known)))
                for name in wrong
            ]
        )
    job = Job(tuple(files), {**known, **(options or {})}, CaseFolder(into), encoding)
    for name in found.conventions:
        conventions()[name].valued(job.options[name])
    found.run(job)
    written = job.folder.write(job.head)
    return Done(tuple(written), dict(job.folder.changed), tuple(job.remarks))
