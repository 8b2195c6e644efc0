from coopsim.agents import Body as Body
from coopsim.agents import Company as Company
from coopsim.agents import Council as Council
from coopsim.agents import Pact as Pact
from coopsim.agents import Territory as Territory
from coopsim.batch.reading import Batch as Batch
from coopsim.batch.reading import open_batch as open_batch
from coopsim.batch.running import run_batch as run_batch
from coopsim.catalogue import indicators as indicators
from coopsim.catalogue import parameters as parameters
from coopsim.catalogue import rules as rules
from coopsim.comparison import Comparison as Comparison
from coopsim.comparison import compare as compare
from coopsim.errors import CoopsimError as CoopsimError
from coopsim.errors import ScenarioError as ScenarioError
from coopsim.i18n import Text as Text
from coopsim.model import CoopModel as CoopModel
from coopsim.outputs import Run as Run
from coopsim.registry import Traits as Traits
from coopsim.run import simulate as simulate
from coopsim.scenario import Scenario as Scenario
from coopsim.scenario import load_scenario as load_scenario
from coopsim.scenario.rules import rule as rule

__version__: str
