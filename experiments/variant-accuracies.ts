/** Accuracies of many variants of chips on one experiment. */
import type { ChipBackend } from '../core/chip-contract.ts';
import type { ExperimentRun } from './run-experiment.ts';
import { runSettings } from './sweep/run-settings.ts';

/** By variant, and in each by seed. */
export async function accuraciesOf(run: ExperimentRun, variants: readonly ChipBackend[]): Promise<(readonly number[])[]> {
  const settings = await runSettings(
    run,
    variants.map((chip) => ({ chip, values: {} })),
  );
  return settings.map(({ accuracy }) => accuracy?.perSeed ?? []);
}
