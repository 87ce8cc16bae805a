/** A run of another process seen through its folder: how far it is, its finished runs, and in the end its document. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { histogramOf } from '../../experiments/histogram.ts';
import type { LiveRun } from '../../experiments/live/live-desk.ts';
import type { LiveCurve } from '../../experiments/live/live-window.ts';
import { readProgress } from '../../experiments/live/progress-file.ts';
import type { RunOutcome } from '../../experiments/outcome.ts';
import type { ChipResult, Raster, ResultDocument } from '../../experiments/result.ts';
import type { RunPlace } from '../../experiments/run-board.ts';
import { openRunStore } from '../../experiments/run-store.ts';
import { extent } from '../axes.ts';
import type { LiveSight, LiveSource } from './live-source.ts';

/** Milliseconds without a word after which a run is taken for stopped. */
const SILENCE = 30_000;

export interface FolderFiles {
  readonly result: string;
  readonly report: string;
}

/** @param now milliseconds since 1970 */
export async function folderSource(folder: string, files: FolderFiles, now: () => number): Promise<LiveSource> {
  const store = await openRunStore(join(folder, 'runs'));
  const outcomes = new Map<string, RunOutcome>();
  const outcomeOf = (key: string): RunOutcome | undefined => {
    const outcome = outcomes.get(key) ?? store.read(key);
    if (outcome !== undefined) outcomes.set(key, outcome);
    return outcome;
  };
  const textOf = (name: string): string | undefined => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const documentOf = (): ResultDocument | undefined => {
    const text = textOf(files.result);
    return text === undefined ? undefined : (JSON.parse(text) as ResultDocument);
  };
  return {
    title: readProgress(folder)?.filed.title ?? documentOf()?.title ?? folder,
    report: () => (readProgress(folder) === undefined ? textOf(files.report) : undefined),
    look: async (): Promise<LiveSight> => {
      const found = readProgress(folder);
      if (found === undefined) return sightOf(documentOf());
      const { filed, writtenAt } = found;
      const silent = now() - writtenAt;
      return {
        progress: filed.progress,
        elapsedSeconds: filed.elapsedSeconds,
        runs: (filed.progress.each ?? []).flatMap((run, id) => underWay(run, id, outcomeOf)),
        ...(silent > SILENCE && { end: `Nothing has been heard of this run for ${Math.round(silent / 1000)} s; it may have been stopped` }),
      };
    },
  };
}

/** A run that has begun; pictures are of those that have ended. */
function underWay({ chip, seed, key, done, total }: RunPlace, id: number, outcomeOf: (key: string) => RunOutcome | undefined): LiveRun[] {
  if (total === 0) return [];
  const run = { id, chip, seed, done, total };
  const outcome = done >= total ? outcomeOf(key) : undefined;
  const stamp = `${done}/${total}/${outcome === undefined ? 0 : 1}`;
  if (outcome === undefined) return [{ ...run, curve: NO_CURVE, stamp }];
  const [low, high] = extent(outcome.weightsAfter) ?? [0, 1];
  const histogram = { low, high, counts: histogramOf(outcome.weightsAfter, low, high) };
  return [{ ...run, curve: outcome.curve ?? NO_CURVE, picture: { histogram, raster: lastOf(outcome.rasters) }, stamp }];
}

function sightOf(document: ResultDocument | undefined): LiveSight {
  if (document === undefined) return { progress: undefined, elapsedSeconds: 0, runs: [], end: 'The run has left no results' };
  const { results, seeds, seed, wallSeconds } = document;
  const samples = results.reduce((sum, { learningCost }) => sum + learningCost.samples, 0);
  return {
    progress: { chip: '', seed, done: samples, total: samples, runsDone: results.length * seeds, runs: results.length * seeds },
    elapsedSeconds: wallSeconds,
    runs: results.map((result, id) => finished(result, id, seed, seeds)),
    end: 'This run has ended',
  };
}

/** A chip of a document, by its first seed. */
function finished({ chip, curve, weights, rasters, learningCost }: ChipResult, id: number, seed: number, seeds: number): LiveRun {
  const total = learningCost.samples / seeds;
  const { edges, after } = weights?.histogram ?? { edges: [], after: [] };
  return {
    id,
    chip,
    seed,
    done: total,
    total,
    curve: curve === null ? NO_CURVE : { samples: curve.samples, values: curve.perSeed[0] },
    ...(after.length > 0 && {
      picture: { histogram: { low: edges[0], high: edges[edges.length - 1], counts: after }, raster: lastOf(rasters) },
    }),
    stamp: 'ended',
  };
}

const NO_CURVE: LiveCurve = { samples: [], values: [] };
const lastOf = (rasters: readonly Raster[]) => rasters.at(-1) ?? { neurons: 0, ticks: 0, t: [], i: [] };
