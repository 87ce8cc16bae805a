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
  /** Runs that have begun here, each by itself; of many that have ended the latest. */
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

function placeOf(
  { chip, seed }: RunSetting,
  { key, cells: [done, total] }: { readonly key: string; readonly cells: ProgressCells },
): RunPlace {
  return { chip: chip.profile.name, seed, key, done, total };
}

export function openBoard(runs: number): Board {
  const active = new Map<RunSetting, { readonly key: string; readonly cells: ProgressCells }>();
  const ended: RunPlace[] = [];
  /** Units of runs that have ended. */
  const units = { done: 0, total: 0, begun: 0 };
  let [runsDone, chip, seed] = [0, '', 0];
  const show = (setting: RunSetting): void => {
    [chip, seed] = [setting.chip.profile.name, setting.seed];
  };
  return {
    begin: (setting, key) => {
      const cells = newProgress();
      active.set(setting, { key, cells });
      if (runsDone === 0 && active.size === 1) show(setting);
      return cells;
    },
    skip: (setting, key) => void active.set(setting, { key, cells: Int32Array.of(1, 1, 0) }),
    end: (setting) => {
      const run = active.get(setting);
      const [done = 0, total = 0] = run?.cells ?? [];
      active.delete(setting);
      if (run !== undefined) ended.push(placeOf(setting, run));
      if (ended.length > PLACES) ended.shift();
      units.done += done;
      units.total += total;
      if (total > 0) units.begun++;
      runsDone++;
      show(setting);
    },
    now: () => {
      const underWay = [...active].filter(([, { cells }]) => cells[1] > 0);
      const [latest] =
        underWay.find(
          ([
            ,
            {
              cells: [done, total],
            },
          ]) => done > 0 && done < total,
        ) ?? [];
      if (latest !== undefined) show(latest);
      const sum = (cell: 0 | 1): number => underWay.reduce((all, [, { cells }]) => all + cells[cell], 0);
      // runs that have not begun do not know their length yet: count them like those that have
      const begun = units.begun + underWay.length;
      const total = begun === 0 ? 0 : Math.round(((units.total + sum(1)) / begun) * runs);
      const each = [...ended, ...[...active].map(([setting, run]) => placeOf(setting, run))];
      return { chip, seed, done: units.done + sum(0), total, runsDone, runs, each };
    },
  };
}
