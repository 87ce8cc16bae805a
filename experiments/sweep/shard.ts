/**
 * Which part of a sweep a process does: `--shard 3/40`, or what a cluster's array job says in its environment. Runs are dealt out in turn, so that
 * every shard gets some of each setting.
 */
import type { Problem } from '../../core/errors.ts';

export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** Who said so. */
  readonly from: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The shard that was asked for, else that of the environment; undefined for the whole sweep, or with problems added. */
export function readShard(text: string | undefined, environment: Environment, problems: Problem[]): Shard | undefined {
  if (text !== undefined) return shardOfOption(text, problems);
  if (environment.SLURM_ARRAY_TASK_ID !== undefined) return shardOfSlurm(environment, problems);
  return environment.JOB_COMPLETION_INDEX === undefined ? undefined : shardOfKubernetes(environment, problems);
}

function shardOfOption(text: string, problems: Problem[]): Shard | undefined {
  const parts = /^(\d+)\/(\d+)$/.exec(text);
  const [place, count] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts !== null && place >= 1 && place <= count) return { index: place - 1, count, from: '--shard' };
  problems.push({
    code: 'E-RANGE',
    message: `--shard is ${text === '' ? 'empty' : text}, but must be i/n with i from 1 to n, e.g. 3/40`,
    got: text,
  });
  return undefined;
}

/** `sbatch --array=0-39`: an index from MIN to MAX in steps, and how many there are. */
function shardOfSlurm(environment: Environment, problems: Problem[]): Shard | undefined {
  const name = 'SLURM_ARRAY_TASK_ID';
  const [id, min = 0, step = 1] = [name, 'SLURM_ARRAY_TASK_MIN', 'SLURM_ARRAY_TASK_STEP'].map((key) => wholeIn(environment, key));
  const count = wholeIn(environment, 'SLURM_ARRAY_TASK_COUNT');
  return shardFrom(name, 'SLURM_ARRAY_TASK_COUNT', id === undefined ? undefined : (id - min) / step, count, problems);
}

/** A Job with `completionMode: Indexed`. It does not tell its pods how many there are. */
function shardOfKubernetes(environment: Environment, problems: Problem[]): Shard | undefined {
  const [index, count] = [wholeIn(environment, 'JOB_COMPLETION_INDEX'), wholeIn(environment, 'JOB_COMPLETIONS')];
  return shardFrom('JOB_COMPLETION_INDEX', 'JOB_COMPLETIONS', index, count, problems);
}

function shardFrom(
  name: string,
  countName: string,
  index: number | undefined,
  count: number | undefined,
  problems: Problem[],
): Shard | undefined {
  if (count === undefined) {
    problems.push({
      code: 'E-SHARD',
      message: `${name} is set, but ${countName}, which says of how many, is not a whole number`,
      hint: `set ${countName} to the number of completions, or give --shard i/n`,
    });
    return undefined;
  }
  if (index !== undefined && Number.isInteger(index) && index >= 0 && index < count) return { index, count, from: name };
  problems.push({ code: 'E-SHARD', message: `${name} does not name one of ${count} shards`, hint: 'give --shard i/n' });
  return undefined;
}

function wholeIn(environment: Environment, name: string): number | undefined {
  const text = environment[name]?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

export const ofShard = <T>(items: readonly T[], shard: Shard | undefined): readonly T[] =>
  shard === undefined ? items : items.filter((_, n) => n % shard.count === shard.index);
