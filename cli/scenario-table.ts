/** The scenarios that ship, by name. A new scenario is a new file under `scenarios/` and one line here. */
import type { QuestionScenario, Scenario, TableScenario } from '../experiments/scenario.ts';
import { digits } from '../scenarios/digits.ts';
import { energyClaimsTable } from '../scenarios/energy-claims.ts';
import { howManyLevels } from '../scenarios/how-many-levels.ts';
import { howMuchNoise } from '../scenarios/how-much-noise.ts';
import { mnist } from '../scenarios/mnist.ts';
import { nmnist } from '../scenarios/nmnist.ts';
import { novelty } from '../scenarios/novelty.ts';
import { rewardChoice } from '../scenarios/reward-choice.ts';
import { spokenDigits } from '../scenarios/spoken-digits.ts';
import { stdpWindow } from '../scenarios/stdp-window.ts';
import { whichDevice } from '../scenarios/which-device.ts';
import { xorTemporal } from '../scenarios/xor-temporal.ts';

export const scenarioTable: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [digits, mnist, nmnist, spokenDigits, novelty, rewardChoice, stdpWindow, xorTemporal].map((scenario) => [scenario.name, scenario]),
);

/** Those that are a table rather than a network; only `run` knows them. */
export const tableScenarios: Readonly<Record<string, TableScenario>> = { [energyClaimsTable.name]: energyClaimsTable };

/** Those that are a question to a row of chips; only `run` knows them. */
export const questionScenarios: Readonly<Record<string, QuestionScenario>> = Object.fromEntries(
  [howManyLevels, howMuchNoise, whichDevice].map((scenario) => [scenario.name, scenario]),
);
