"""A study of a few dozen runs that take milliseconds: two territories of companies and people, nothing else."""

SCENARIO = """schema = 1
name = "small"

[horizon]
years = 4

[case.synthetic]
territories = 2
companies = 60
population = 2000

[submodels]
water = false
wood = false
land = false
finance = false
councils = false
ties = false
pacts = false
transition = false
elections = false
bodies = false

[record]
journal = false
"""

HEADER = "indicator,territory,year,value,unit,uncertainty,source,grade,low,high,note\n"

DIAGNOSTIC = HEADER + (
    "jobs,T01,2016,1000,jobs,10,a survey,measured,,,\n"
    "jobs,T01,2019,1020,jobs,10,a survey,measured,,,\n"
    "jobs_growth,T02,2016-2019,0.01,1/yr,0.004,a survey,measured,,,\n"
    "unemployment,T01,2019,0.09,share,0.01,a survey,measured,,,\n"
    "unemployment,T02,2019,,share,,a survey,measured,0.08,0.12,only a range\n"
    "young_firm_exit,system,2016-2019,0.10,1/yr,0.01,a survey,measured,,,\n"
    "dwellings,T01,2019,,count,,,,,,not filled in\n"
)

STUDY = """schema = 1
name = "small"
diagnostic = "./diagnostic.csv"
outcomes = ["jobs", "companies"]
title = { fr = "Petite étude", en = "Small study" }

[model]
scenario = "small.toml"
years = 4

[[uncertainty]]
key = "economy.companies.growth_per_quarter"
low = -0.01
high = 0.01
source = "test"

[[uncertainty]]
key = "economy.companies.exit_young_per_yr"
prior = "log_uniform"
low = 0.02
high = 0.4
source = "test"

[[uncertainty]]
key = "resources.wood.mobilisable_max"
prior = "beta"
alpha = 2.0
beta = 2.0
low = 0.7
high = 0.9
source = "without wood it moves nothing"

[[target]]
indicator = "jobs_growth"
territories = ["T01"]
year = "2016-2019"
discrepancy = 0.002
reason = "test"

[[target]]
indicator = "young_firm_exit"
territories = ["system"]
year = "2016-2019"
discrepancy = 0.005
reason = "test"

[[held_out]]
indicator = "jobs_growth"
territories = ["T02"]
year = "2016-2019"
discrepancy = 0.002
reason = "test"

[[held_out]]
indicator = "unemployment"
territories = ["T02"]
year = 2019
discrepancy = 0.01
reason = "test"

[[cannot_say]]
fr = "Rien sur l'eau."
en = "Nothing on water."

[method]
noise_runs = 4
morris_trajectories = 3
morris_replicates = 1
waves = 2
wave_points = 20
wave_replicates = 2
pool = 100
draws = 30
truths = 20
check_seeds = 5
"""


def write(folder, study=STUDY, diagnostic=DIAGNOSTIC, scenario=SCENARIO):
    """Write the three files and return that of the study."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.toml").write_text(scenario, encoding="utf-8")
    (folder / "diagnostic.csv").write_text(diagnostic, encoding="utf-8")
    path = folder / "study.toml"
    path.write_text(study, encoding="utf-8")
    return path
