/** Gathers the runs of one setting of a sweep: the figures of `run`, over the seeds that are complete. */
import type { RunOutcome } from '../outcome.ts';
import type { RunSetting } from '../plan-runs.ts';
import { planOf } from '../plan-runs.ts';
import type { SeedStatistic, SettingResult } from '../result.ts';
import { statisticOf } from '../seed-statistic.ts';
import { energyOf, groups, summarise } from '../summarise.ts';

/** A run with its outcome, where it has one. */
export interface GatheredRun {
  readonly setting: RunSetting;
  readonly outcome: RunOutcome | undefined;
}

/** @param runs seed by seed, and for each seed all sets of devices */
export function settingResult(values: SettingResult['values'], runs: readonly GatheredRun[]): SettingResult {
  const { experiment, chip, rule } = runs[0].setting;
  const seeds = [...new Set(runs.map(({ setting }) => setting.seed))];
  const whole = seeds.flatMap((seed): { seed: number; setting: RunSetting; outcomes: RunOutcome[] }[] => {
    const own = runs.filter(({ setting }) => setting.seed === seed);
    const outcomes = own.flatMap(({ outcome }) => outcome ?? []);
    return outcomes.length === own.length ? [{ seed, setting: own[0].setting, outcomes }] : [];
  });
  const named = { chip: chip.profile.name, rule: rule.name, values, seeds: whole.map(({ seed }) => seed) };
  if (whole.length === 0) return { ...named, ...NOTHING };
  const plan = planOf(whole[0].setting);
  const all = whole.flatMap(({ outcomes }) => outcomes);
  const sets = all.length / whole.length;
  const { accuracy, energy, learningCost, stateHash } = summarise(experiment, chip, plan, all, sets);
  const bySeed = groups(all, (n) => Math.floor(n / sets));
  return {
    ...named,
    accuracy,
    energyPerUpdate: energy.perUpdate && { value: energy.perUpdate.value, lo: energy.perUpdate.lo, hi: energy.perUpdate.hi, unit: 'J' },
    energySpread: aboveZero(statisticOf(bySeed.map((list) => energyOf(plan, list).perUpdate?.value ?? null))),
    energyIsLowerBound: energy.perUpdate !== null && energy.missing.length > 0,
    synapticUpdates: learningCost.synapticUpdates,
    stateHash,
  };
}

/** With few seeds Student's interval can leave the range of what costs something. */
const aboveZero = (found: SeedStatistic | null): SeedStatistic | null =>
  found?.ci95 == null ? found : { ...found, ci95: [Math.max(0, found.ci95[0]), found.ci95[1]] };

const NOTHING = {
  accuracy: null,
  energyPerUpdate: null,
  energySpread: null,
  energyIsLowerBound: false,
  synapticUpdates: 0,
  stateHash: null,
} as const;
