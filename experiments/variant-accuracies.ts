/** Accuracies of many variants of chips on one experiment; a few variants at a time, so that memory does not grow with their number. */
import type { ChipBackend } from '../core/chip-contract.ts';
import type { RunProgress } from './run-board.ts';
import type { ExperimentRun } from './run-experiment.ts';
import { runExperiment } from './run-experiment.ts';

/** Runs whose plans are in memory at once. */
const RUNS_AT_ONCE = 24;

/** By variant, and in each by seed. */
export async function accuraciesOf(run: ExperimentRun, variants: readonly ChipBackend[]): Promise<(readonly number[])[]> {
  const { diagnosedSamples: _, why: __, onProgress: show, ...plain } = run;
  const each = run.seeds * (run.devices ?? 1);
  const size = Math.max(1, Math.ceil(RUNS_AT_ONCE / each));
  const all: (readonly number[])[] = [];
  while (all.length < variants.length) {
    const chips = variants.slice(all.length, all.length + size);
    const onProgress = show && inAll(show, all.length / chips.length, variants.length / chips.length);
    const { results } = await runExperiment({ ...plain, chips, ...(onProgress && { onProgress }) });
    all.push(...results.map(({ accuracy }) => accuracy?.perSeed ?? []));
  }
  return all;
}

/** Progress of a part as progress of the whole. @param before, whole in parts of this size */
const inAll =
  (show: (progress: RunProgress) => void, before: number, whole: number) =>
  (part: RunProgress): void =>
    show({
      ...part,
      done: Math.round(part.done + before * part.total),
      total: Math.round(whole * part.total),
      runsDone: Math.round(part.runsDone + before * part.runs),
      runs: Math.round(whole * part.runs),
    });
