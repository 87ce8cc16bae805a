/** The settings of a sweep: a table, and where numbers vary a curve of accuracy with its interval. */
import type { ResultDocument, SweepResult } from '../../experiments/result.ts';
import type { DataFile } from '../csv.ts';
import { fileName } from '../panel.ts';

/** One row per setting. */
export function settingsFile(document: ResultDocument, { axes, settings }: SweepResult): DataFile {
  const names = axes.map(({ name }) => name);
  return {
    name: fileName(document, 'settings'),
    header: [
      ...new Set(['chip', 'rule', ...names]),
      'seeds',
      'accuracy_mean',
      'accuracy_lo',
      'accuracy_hi',
      'energy_per_update_J_mean',
      'energy_per_update_J_lo',
      'energy_per_update_J_hi',
      'energy_is_lower_bound',
      'synaptic_updates',
      'state_hash',
    ],
    rows: settings.map(({ chip, rule, values, seeds, accuracy, energySpread, energyIsLowerBound, synapticUpdates, stateHash }) => [
      values.chip ?? chip,
      rule,
      ...names.filter((name) => name !== 'chip' && name !== 'rule').map((name) => values[name]),
      seeds.length,
      accuracy?.mean,
      accuracy?.ci95?.[0],
      accuracy?.ci95?.[1],
      energySpread?.mean,
      energySpread?.ci95?.[0],
      energySpread?.ci95?.[1],
      energyIsLowerBound ? 'yes' : 'no',
      synapticUpdates,
      stateHash,
    ]),
  };
}
