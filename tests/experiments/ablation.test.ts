// time limit: 300 s
/**
 * The waterfall: which sets of effects a mode runs, that changes add up whatever the order, and that a defect put into a chip is what the largest bar
 * names. The runs are digits with few images, so bars are wide and the defects large.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../chips/ideal/ideal.ts';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { ChipBackend } from '../../core/chip-contract.ts';
import { normalAt } from '../../core/random.ts';
import type { EffectSet } from '../../experiments/ablation.ts';
import { ablationOf, ablationOrders, setsToRun } from '../../experiments/ablation.ts';
import { compareChips, differenceInWords, usedEffects } from '../../experiments/compare-chips.ts';
import type { Ablation, AblationMode, ChipResult } from '../../experiments/result.ts';
import { digitsRun } from '../support/digits-run.ts';

const EFFECTS = ['a', 'b', 'c', 'd'].map((name) => ({ name, meaning: `effect ${name}` }));
const MODES: readonly AblationMode[] = ['sequence', 'both', 'shapley'];

/** Accuracies of three seeds that any set of effects changes in its own way. */
const invented = (on: EffectSet): number[] => [0, 1, 2].map((seed) => 0.8 + 0.1 * normalAt(7, 1, on, seed));
const REFERENCE = [0.9, 0.88, 0.93];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Every bar by seed adds up to the difference of that seed. */
function addsUp({ total, effects }: Ablation, differences: readonly number[]): void {
  assert.ok(Math.abs(sum(effects.map(({ delta }) => delta.mean)) - total.mean) < 1e-12);
  for (const [n, difference] of differences.entries()) {
    assert.ok(Math.abs(sum(effects.map(({ perSeed }) => perSeed[n])) - difference) < 1e-12, `seed ${n}`);
  }
}

for (const mode of MODES) {
  test(`${mode}: only sets that are run are asked for, and the changes add up to the difference of every seed`, () => {
    const known = new Set([...setsToRun(4, mode, 5), 15]);
    const asked = (on: EffectSet): number[] => {
      assert.ok(known.has(on), `set ${on}`);
      return invented(on);
    };
    const ablation = ablationOf(EFFECTS, mode, 5, asked, REFERENCE);
    assert.equal(
      ablation.effects.map(({ name }) => name),
      ['rest', 'a', 'b', 'c', 'd'],
    );
    addsUp(
      ablation,
      invented(15).map((value, n) => value - REFERENCE[n]),
    );
  });
}

test('one after another is the chip order; both adds each alone and each as the last', () => {
  assert.equal(setsToRun(3, 'sequence', 1), [0, 1, 3]);
  assert.equal(setsToRun(3, 'both', 1), [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(setsToRun(0, 'both', 1), []);
  const { effects } = ablationOf(EFFECTS, 'both', 1, (on) => [on / 100], [0]);
  assert.equal(
    effects.map(({ alone, lastOn }) => [alone?.mean, lastOn?.mean].map((value) => value && Math.round(value * 100))),
    [
      [undefined, undefined],
      [1, 1],
      [2, 2],
      [4, 4],
      [8, 8],
    ],
  );
});

test('orders are a function of the seed, each with its reverse; where there are few, all', () => {
  const orders = ablationOrders(5, 'shapley', 3);
  assert.is(orders.length, 8);
  assert.equal(orders, ablationOrders(5, 'shapley', 3));
  assert.is.not(JSON.stringify(orders), JSON.stringify(ablationOrders(5, 'shapley', 4)));
  for (let n = 0; n < 8; n += 2) assert.equal(orders[n + 1], orders[n].toReversed());
  assert.is(new Set(ablationOrders(3, 'shapley', 1).map(String)).size, 6);
});

test('two effects that only hurt together share the loss in the Shapley mean, and the second bears it in a sequence', () => {
  const both = (on: EffectSet): number[] => [on === 3 ? 0.5 : 0.9];
  const two = EFFECTS.slice(0, 2);
  const deltas = (mode: AblationMode): number[] =>
    ablationOf(two, mode, 1, both, [0.9]).effects.map(({ delta }) => Math.round(100 * delta.mean));
  assert.equal(deltas('sequence'), [0, 0, -40]);
  assert.equal(deltas('shapley'), [0, -20, -20]);
});

test('what the seeds can tell apart is said in words', () => {
  const one = { reference: 'ideal', mean: 0.005, ci95: [-0.02, 0.03] as const, p: 0.4, pHolm: 0.4, n: 3, seedsNeeded: 18 };
  assert.is(differenceInWords(one), '3 seeds cannot tell 0.5 points apart; 18 would, four times in five');
  assert.is(differenceInWords({ ...one, seedsNeeded: null }), '3 seeds cannot tell 0.5 points apart; no number up to a million would');
  assert.is(differenceInWords({ ...one, mean: -0.123, pHolm: 0.01 }), '3 seeds tell 12 points apart');
  assert.match(differenceInWords({ ...one, ci95: null, pHolm: null, n: 1 }), /^1 seed says nothing about 0\.5 points: give --seeds 2/);
  assert.is(differenceInWords({ ...one, mean: 0, pHolm: null }), '3 seeds show no difference at all');
});

const perSeed = ({ accuracy }: ChipResult): readonly number[] => accuracy?.perSeed ?? [];

for (const rule of ['r-stdp', 'dfa']) {
  test(`${rule} on digits: the effects of both chips add up to their differences to the ideal one`, async () => {
    const { results } = await compareChips({ ...digitsRun(rule, [ideal(), loihiLike(), memristorCrossbar()]), ablate: 'sequence' });
    const [reference, ...others] = results;
    assert.is(reference.ablation, undefined);
    assert.is(reference.difference, undefined);
    for (const result of others) {
      const { ablation, difference } = result;
      if (ablation === undefined || difference === undefined) throw new Error(`${result.chip} was not taken apart`);
      assert.ok(Math.abs(ablation.total.mean - difference.mean) < 1e-12);
      assert.ok(ablation.effects.length > 4);
      assert.ok(ablation.effects.some(({ delta }) => delta.mean !== 0));
      addsUp(
        ablation,
        perSeed(result).map((value, n) => value - perSeed(reference)[n]),
      );
    }
  });
}

test('without the ideal chip among them, it is run for the ablation, and the first chip is the reference of the differences', async () => {
  const chips = [memristorCrossbar({ device: 'idealized' }), loihiLike()];
  const with3 = await compareChips({ ...digitsRun('dfa', [ideal(), ...chips], { train: 60, test: 40 }), ablate: 'sequence' });
  const with2 = await compareChips({ ...digitsRun('dfa', chips, { train: 60, test: 40 }), ablate: 'sequence' });
  assert.equal(
    with2.results.map(({ chip }) => chip),
    ['memristor-crossbar', 'loihi-like'],
  );
  assert.equal(
    with2.results.map(({ ablation }) => ablation),
    with3.results.slice(1).map(({ ablation }) => ablation),
  );
  assert.is(with2.results[1].difference?.reference, 'memristor-crossbar');
});

/** Losses in points, largest first. */
async function losses(rule: string, chip: ChipBackend, size: { train: number; test: number }): Promise<[name: string, loss: number][]> {
  const { results } = await compareChips({ ...digitsRun(rule, [ideal(), chip], size), ablate: 'sequence' });
  const bars = results[1].ablation?.effects ?? [];
  return bars.map(({ name, delta }): [string, number] => [name, -100 * delta.mean]).sort(([, a], [, b]) => b - a);
}

test('traces of 2 bits put into the Loihi-like chip are its largest bar', async () => {
  const [first, second] = await losses('ep', loihiLike({ traceBits: 2 }), { train: 150, test: 100 });
  assert.is(first[0], 'trace bits');
  assert.ok(first[1] > 2 * second[1], `${first} against ${second}`);
  const sound = new Map(await losses('ep', loihiLike(), { train: 150, test: 100 }));
  assert.ok(first[1] > 10 + (sound.get('trace bits') ?? 0), `${first} against ${sound.get('trace bits')} with 7 bits`);
});

test('ten times the noise from cycle to cycle is the largest bar of the crossbar', async () => {
  const [first, second] = await losses('dfa', memristorCrossbar({ cycleToCycle: 10 }), { train: 200, test: 150 });
  assert.is(first[0], 'cycle-to-cycle');
  assert.ok(first[1] > 2 * second[1], `${first} against ${second}`);
});

test('effects that the network does not use are left out', () => {
  const names = (rule: string, chip: ChipBackend): string[] => usedEffects(digitsRun(rule, [chip]), chip).map(({ name }) => name);
  // rules that learn at a modulator have no use for epochs, and an array without wires none for their resistance
  assert.not(names('dfa', loihiLike()).includes('learning epoch'));
  assert.ok(names('dfa', loihiLike()).includes('weight bits'));
  assert.not(names('dfa', memristorCrossbar()).includes('wire resistance'));
  assert.equal(names('dfa', ideal()), []);
});

test.run();
