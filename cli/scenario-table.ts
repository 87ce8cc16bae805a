/** The scenarios that ship, by name. A new scenario is a new file under `scenarios/` and one line here. */
import type { Scenario, TableScenario } from '../experiments/scenario.ts';
import { digits } from '../scenarios/digits.ts';
import { energyClaimsTable } from '../scenarios/energy-claims.ts';
import { mnist } from '../scenarios/mnist.ts';
import { rewardChoice } from '../scenarios/reward-choice.ts';
import { stdpWindow } from '../scenarios/stdp-window.ts';
import { xorTemporal } from '../scenarios/xor-temporal.ts';

export const scenarioTable: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [digits, mnist, rewardChoice, stdpWindow, xorTemporal].map((scenario) => [scenario.name, scenario]),
);

/** Those that are a table rather than a network; only `run` knows them. */
export const tableScenarios: Readonly<Record<string, TableScenario>> = { [energyClaimsTable.name]: energyClaimsTable };
