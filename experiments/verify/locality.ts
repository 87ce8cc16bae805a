/**
 * A synapse changes by what it can know. What each moment of a rule reads and writes is listed from its checked program; and the kernel is asked: when all
 * spikes and third factors of the neurons that a synapse does not touch are drawn anew, no bit of it may change.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import type { Scope } from '../../core/program/symbols.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import { useInWords, usesOf } from '../rule-uses.ts';
import type { Train } from './forced-spikes.ts';
import { forcedSpikes, PLASTIC } from './forced-spikes.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const SIZE = 3;
const TICKS = 60;
const REWARDS = 12;
const STREAM = streamOf('verify/locality');
/** Where a value may live that a synapse reads. */
const NEAR: ReadonlySet<Scope> = new Set(['synapse', 'pre', 'post', 'modulator', 'constant']);

export function verifyLocality(rule: PlasticityRule): Verdict[] {
  const uses = usesOf(rule);
  const far = uses.flatMap(({ reads, writes }) => [
    ...reads.filter(({ scope }) => !NEAR.has(scope)),
    ...writes.filter(({ scope }) => scope !== 'synapse'),
  ]);
  const inWords = uses.map((use) => `${use.moment} ${useInWords(use)}`);
  return [
    verdict({
      subject: rule.name,
      name: 'locality',
      what: `names used that are beyond a synapse and its two neurons; ${inWords.join('; ')}`,
      value: far.length,
      bar: { atMost: 0 },
      source: 'the checked program',
    }),
    verdict({
      subject: rule.name,
      name: 'locality, kernel',
      what: `of ${SIZE * SIZE} synapses, those with another bit when all neurons that they do not touch behave otherwise`,
      value: changedFromAfar(rule),
      bar: { atMost: 0 },
      source: 'two runs compared bit by bit',
    }),
  ];
}

/** Synapses whose weight or variables depend on neurons that are not their own; also those that never learned, which would show nothing. */
function changedFromAfar(rule: PlasticityRule): number {
  const asDrawn = histories(rule, () => 0);
  let changed = 0;
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      const k = i * SIZE + j;
      const own = asDrawn[k];
      const other = histories(rule, (side, neuron) => (neuron === (side === 'pre' ? i : j) ? 0 : 1))[k];
      const learned = own.weights.some((weight) => weight !== own.weights[0]);
      if (!learned || [...own.weights, ...own.variables].some((value, n) => value !== [...other.weights, ...other.variables][n])) changed++;
    }
  }
  return changed;
}

/** At the start and after each stretch. */
interface History {
  readonly weights: number[];
  readonly variables: number[];
}

/** [synapses] with spikes and third factors of each neuron from the draw that is named for it. */
function histories(rule: PlasticityRule, drawOf: (side: 'pre' | 'post', neuron: number) => number): History[] {
  const neurons = Array.from({ length: SIZE }, (_, neuron) => neuron);
  const trains = (side: 'pre' | 'post'): Train[] =>
    neurons.map((neuron) => {
      const event = 1000 * drawOf(side, neuron) + (side === 'pre' ? 0 : 100);
      return Array.from({ length: TICKS - 2 }, (_, n) => n + 2).filter((tick) => uniformAt(1, STREAM, neuron, event, tick) < 0.2);
    });
  const simulation = forcedSpikes(rule, trains('pre'), trains('post'), {
    connect: 'all-to-all',
    weight: (rule.bounds[0] + rule.bounds[1]) / 2,
  });
  const found = Array.from({ length: SIZE * SIZE }, (): History => ({ weights: [], variables: [] }));
  const note = (): void => {
    simulation.weights(PLASTIC).forEach((weight, k) => {
      found[k].weights.push(weight);
    });
    for (const name of Object.keys(rule.variables)) {
      simulation.synapseVariable(PLASTIC, name).forEach((value, k) => {
        found[k].variables.push(value);
      });
    }
  };
  note();
  for (let n = 0; n < REWARDS; n++) {
    simulation.run(TICKS / REWARDS);
    const factors = Object.entries(rule.modulators).map(([name, { per, range }], m): [string, number | Float64Array] => {
      const factor = (neuron: number, draw: number) => range * (2 * uniformAt(1, STREAM, neuron, 5000 + 1000 * draw + 10 * n + m) - 1);
      // what all synapses share belongs to each of them
      return [name, per === 'projection' ? factor(0, 0) : Float64Array.from(neurons, (neuron) => factor(neuron, drawOf('post', neuron)))];
    });
    if (factors.length > 0) simulation.modulate(PLASTIC, Object.fromEntries(factors));
    note();
  }
  return found;
}
