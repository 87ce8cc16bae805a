/** How far many runs are, told while they are executed: together, and the latest each by itself. Memory does not grow with their number. */
import { PROGRESS_LENGTH } from '../workers/signs-of-life.ts';
import type { ProgressCells } from './outcome.ts';
import type { RunSetting } from './plan-runs.ts';

export interface RunProgress {
  readonly chip: string;
  readonly seed: number;
  /** Units of the task: images, trials. */
  readonly done: number;
  readonly total: number;
  /** Runs that have ended, of all. */
  readonly runsDone: number;
  readonly runs: number;
  /** Runs that have begun here, each by itself and in that order; of many that have ended the latest. */
  readonly each?: readonly RunPlace[];
}

export interface RunPlace {
  readonly chip: string;
  readonly seed: number;
  /** What its result is stored under. */
  readonly key: string;
  readonly done: number;
  readonly total: number;
}

export const newProgress = (): ProgressCells => new Int32Array(new SharedArrayBuffer(4 * PROGRESS_LENGTH));

/** How far all runs are, in units of their tasks. */
export interface Board {
  begin(setting: RunSetting, key: string): ProgressCells;
  /** A run that need not be done counts for one unit. */
  skip(setting: RunSetting, key: string): void;
  end(setting: RunSetting): void;
  now(): RunProgress;
}

/** Runs that have ended of which the place is told. */
const PLACES = 100;

interface Begun {
  readonly key: string;
  readonly cells: ProgressCells;
  hasEnded: boolean;
}

export function openBoard(runs: number): Board {
  /** In the order in which they began. */
  const begun = new Map<RunSetting, Begun>();
  /** Units of runs that have ended. */
  const units = { done: 0, total: 0, begun: 0 };
  let [runsDone, chip, seed] = [0, '', 0];
  const show = (setting: RunSetting): void => {
    [chip, seed] = [setting.chip.profile.name, setting.seed];
  };
  const ended = (): RunSetting[] => [...begun].flatMap(([setting, { hasEnded }]) => (hasEnded ? [setting] : []));
  return {
    begin: (setting, key) => {
      const cells = newProgress();
      begun.set(setting, { key, cells, hasEnded: false });
      if (runsDone === 0 && begun.size === 1) show(setting);
      return cells;
    },
    skip: (setting, key) => void begun.set(setting, { key, cells: Int32Array.of(1, 1, 0), hasEnded: false }),
    end: (setting) => {
      const run = begun.get(setting);
      const [done = 0, total = 0] = run?.cells ?? [];
      if (run !== undefined) run.hasEnded = true;
      const all = ended();
      if (all.length > PLACES) begun.delete(all[0]);
      units.done += done;
      units.total += total;
      if (total > 0) units.begun++;
      runsDone++;
      show(setting);
    },
    now: () => {
      const underWay = [...begun].filter(([, { cells, hasEnded }]) => !hasEnded && cells[1] > 0);
      const [latest] = underWay.find(([, { cells }]) => cells[0] > 0 && cells[0] < cells[1]) ?? [];
      if (latest !== undefined) show(latest);
      const sum = (cell: 0 | 1): number => underWay.reduce((all, [, { cells }]) => all + cells[cell], 0);
      // runs that have not begun do not know their length yet: count them like those that have
      const known = units.begun + underWay.length;
      const total = known === 0 ? 0 : Math.round(((units.total + sum(1)) / known) * runs);
      const each = [...begun].map(([{ chip: of, seed: first }, { key, cells }]): RunPlace => {
        return { chip: of.profile.name, seed: first, key, done: cells[0], total: cells[1] };
      });
      return { chip, seed, done: units.done + sum(0), total, runsDone, runs, each };
    },
  };
}
