/** The scenarios that ship, by name. A new scenario is a new file under `scenarios/` and one line here. */
import type { Scenario } from '../experiments/scenario.ts';
import { digits } from '../scenarios/digits.ts';
import { rewardChoice } from '../scenarios/reward-choice.ts';
import { stdpWindow } from '../scenarios/stdp-window.ts';

export const scenarioTable: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [digits, rewardChoice, stdpWindow].map((scenario) => [scenario.name, scenario]),
);
