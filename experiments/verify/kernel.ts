/**
 * What ties the proofs for rates to spikes: the kernel, on counts of real spikes, changes every weight as the rule's text does on the same counts. For rules
 * that learn when third factors arrive, from traces that count.
 */
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { streamOf, uniformAt } from '../../core/random.ts';
import { relativeError } from '../teacher/matrix.ts';
import type { Train } from './forced-spikes.ts';
import { forcedSpikes, PLASTIC } from './forced-spikes.ts';
import { ruleLayer } from './rule-layer.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const PRE = 5;
const POST = 4;
const TICKS = 30;
const STREAM = streamOf('verify/kernel');

export function verifyKernel(rule: PlasticityRule): Verdict[] {
  const { code, traces, modulators } = rule;
  const counts = Object.values(traces).every(({ on, tau }) => on === 'pre' && tau === Number.POSITIVE_INFINITY);
  if (code.onModulator === undefined || Object.keys(code).length > 1 || !counts) return [];
  const trains = Array.from(
    { length: PRE },
    (_, i): Train => Array.from({ length: TICKS - 1 }, (_, n) => n + 2).filter((tick) => uniformAt(1, STREAM, i, tick) < 0.3),
  );
  // away from both bounds, which the text does not know
  const middle = (rule.bounds[0] + rule.bounds[1]) / 2;
  const simulation = forcedSpikes(
    rule,
    trains,
    Array.from({ length: POST }, () => []),
    { connect: 'all-to-all', weight: middle },
  );
  simulation.run(TICKS);
  const layer = ruleLayer(rule, PRE, POST, { weights: new Float64Array(PRE * POST).fill(middle) });
  for (const [name, { impulse, pairing }] of Object.entries(traces)) {
    layer.inputs[name].set(trains.map(({ length }) => (pairing === 'nearest' ? Math.min(1, length) : length) * impulse));
  }
  // twice, so that what the first time leaves in a variable is used
  for (let round = 0; round < 2; round++) {
    Object.entries(modulators).forEach(([name, { range }], m) => {
      const values = layer.inputs[name];
      for (let j = 0; j < values.length; j++) values[j] = range * (2 * uniformAt(1, STREAM, j, 100 + 10 * round + m) - 1);
    });
    simulation.modulate(PLASTIC, Object.fromEntries(Object.keys(modulators).map((name) => [name, layer.inputs[name]])));
    layer.run('onModulator');
  }
  return [
    verdict({
      subject: rule.name,
      name: 'kernel',
      what: `relative difference of what ${TICKS} ticks of spikes and two rounds of third factors do in the kernel from the rule's text on their counts`,
      value: relativeError([simulation.weights(PLASTIC)], [layer.weights]),
      bar: { atMost: 1e-12 },
      source: 'two ways to the same numbers',
    }),
  ];
}
