/** Runs the settings of a sweep here and now, without a plan on disk, and gathers each as soon as its last run has ended. */
import type { ChipBackend } from '../../core/chip-contract.ts';
import type { RunOutcome } from '../outcome.ts';
import { settingsOf } from '../plan-runs.ts';
import type { SettingResult } from '../result.ts';
import type { ExperimentRun } from '../run-experiment.ts';
import { executeSettings } from '../run-experiment.ts';
import { settingResult } from './setting-result.ts';

export interface ChipSetting {
  readonly chip: ChipBackend;
  readonly values: SettingResult['values'];
}

/** @param run all but its chips; nothing is diagnosed or logged */
export async function runSettings(run: ExperimentRun, chips: readonly ChipSetting[]): Promise<SettingResult[]> {
  const { experiment, rule, data } = run;
  const groups = chips.map(({ chip }) => settingsOf({ experiment, rule, ...(data && { data }) }, chip, run));
  const places = groups.flatMap((group, place) => group.map((setting, nth) => ({ setting, place, nth })));
  const outcomes = groups.map((): RunOutcome[] => []);
  const missing = groups.map((group) => group.length);
  const results: SettingResult[] = [];
  await executeSettings(
    run,
    places.map(({ setting }) => setting),
    (n, outcome) => {
      const { place, nth } = places[n];
      outcomes[place][nth] = outcome;
      if (--missing[place] > 0) return;
      results[place] = settingResult(
        chips[place].values,
        groups[place].map((setting, k) => ({ setting, outcome: outcomes[place][k] })),
      );
      outcomes[place] = [];
    },
  );
  return results;
}
