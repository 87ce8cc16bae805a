/** How much of a task to do, as a person says it in one word for every task: `train`, `test`, `epochs`. What they mean is up to the task. */
import type { OptionsReader } from '../core/check-options.ts';
import type { Task } from './experiment.ts';

/** Beyond this an image set or a learning curve would no longer fit into memory. */
export const MAX_COUNT = 1_000_000;

export interface Counts {
  readonly train?: number;
  readonly test?: number;
  readonly epochs?: number;
}

/** Which field of a task a count is; a count that is not there means nothing for that task. */
const FIELDS: Readonly<Record<Task['kind'], Readonly<Partial<Record<keyof Counts, string>>>>> = {
  'reward-classification': { train: 'trainImages', test: 'testImages', epochs: 'epochs' },
  'phased-classification': { train: 'trainImages', test: 'testImages', epochs: 'epochs' },
  'convolutional-reward': { train: 'trainImages', test: 'testImages', epochs: 'epochs' },
  'anomaly-detection': { train: 'trainImages', test: 'testImages', epochs: 'epochs' },
  'contextual-bandit': { train: 'trials' },
  'stdp-window': {},
};

export function readCounts(options: OptionsReader): Counts {
  const given = (['train', 'test', 'epochs'] as const).flatMap((key) => {
    const value = options.number(key, { optional: true, integer: true, min: 1, max: MAX_COUNT });
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(given);
}

/** The task, not necessarily a valid one, with the counts in their fields. */
export function withCounts<T>(task: T, counts: Counts): T {
  const kind = kindOf(task);
  if (kind === undefined) return task;
  const fields = Object.entries(FIELDS[kind]).flatMap(([count, field]) => {
    const value = counts[count as keyof Counts];
    return value === undefined ? [] : [[field, value]];
  });
  return { ...task, ...Object.fromEntries(fields) };
}

/** The counts that were given but mean nothing for this task, each with what to say. */
export function idleCounts(task: unknown, counts: Counts): { count: keyof Counts; message: string }[] {
  const kind = kindOf(task);
  if (kind === undefined) return [];
  const known = Object.keys(FIELDS[kind]);
  const message = `means nothing for a task of kind ${kind}${known.length === 0 ? '' : `, which knows ${known.join(', ')}`}`;
  return (Object.keys(counts) as (keyof Counts)[])
    .filter((count) => counts[count] !== undefined && FIELDS[kind][count] === undefined)
    .map((count) => ({ count, message }));
}

function kindOf(task: unknown): Task['kind'] | undefined {
  const kind = typeof task === 'object' && task !== null ? (task as { kind?: unknown }).kind : undefined;
  return typeof kind === 'string' && Object.hasOwn(FIELDS, kind) ? (kind as Task['kind']) : undefined;
}
