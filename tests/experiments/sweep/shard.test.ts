/** Shards: every run is in exactly one of them, and clusters are understood by the names of their variables. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../../core/errors.ts';
import type { Environment, Shard } from '../../../experiments/sweep/shard.ts';
import { ofShard, readShard } from '../../../experiments/sweep/shard.ts';

function read(text: string | undefined, environment: Environment = {}): Shard | string | undefined {
  const problems: Problem[] = [];
  const shard = readShard(text, environment, problems);
  return problems.length === 0 ? shard : problems[0].message;
}

test('shards share the runs out between them', () => {
  const runs = Array.from({ length: 10 }, (_, n) => n);
  const shards = [1, 2, 3].map((place) => ofShard(runs, read(`${place}/3`) as Shard));
  assert.equal(
    shards.map((shard) => shard.length),
    [4, 3, 3],
  );
  assert.equal(
    shards.flat().sort((a, b) => a - b),
    runs,
  );
  assert.equal(ofShard(runs, undefined), runs);
});

test('a Slurm array may begin anywhere and go in steps; the option wins over it', () => {
  const slurm = (id: number, min: number, count: number, step?: number): Environment => ({
    SLURM_ARRAY_TASK_ID: String(id),
    SLURM_ARRAY_TASK_MIN: String(min),
    SLURM_ARRAY_TASK_COUNT: String(count),
    ...(step === undefined ? {} : { SLURM_ARRAY_TASK_STEP: String(step) }),
  });
  assert.equal(read(undefined, slurm(0, 0, 40)), { index: 0, count: 40, from: 'SLURM_ARRAY_TASK_ID' });
  assert.equal(read(undefined, slurm(4, 1, 4)), { index: 3, count: 4, from: 'SLURM_ARRAY_TASK_ID' });
  assert.equal(read(undefined, slurm(14, 10, 3, 2)), { index: 2, count: 3, from: 'SLURM_ARRAY_TASK_ID' });
  assert.equal(read('2/5', slurm(0, 0, 40)), { index: 1, count: 5, from: '--shard' });
  // --array=1,7,9 leaves gaps
  assert.is(read(undefined, slurm(9, 1, 3)), 'SLURM_ARRAY_TASK_ID does not name one of 3 shards');
});

test('Kubernetes gives the index, and the number of completions has to be set', () => {
  assert.equal(read(undefined, { JOB_COMPLETION_INDEX: '2', JOB_COMPLETIONS: '3' }), { index: 2, count: 3, from: 'JOB_COMPLETION_INDEX' });
  assert.is(
    read(undefined, { JOB_COMPLETION_INDEX: '2' }),
    'JOB_COMPLETION_INDEX is set, but JOB_COMPLETIONS, which says of how many, is not a whole number',
  );
  assert.is(read(undefined), undefined);
});

for (const text of ['', '0/4', '5/4', '1', '1/0', 'a/b', '1/4/2', '-1/4']) {
  test(`--shard ${text || '(empty)'} is refused`, () => {
    assert.match(read(text) as string, /^--shard is .*, but must be i\/n with i from 1 to n, e\.g\. 3\/40$/);
  });
}

test.run();
