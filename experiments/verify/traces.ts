/** Traces against their closed forms, and the window of a pair of spikes where a rule writes its weight at spikes; both in the kernel. */
import { checkRuleOrThrow } from '../../core/plasticity/check-rule.ts';
import type { PlasticityRule, TraceSpec } from '../../core/plasticity/rule.ts';
import { analyse } from '../../core/program/analyse.ts';
import { exp } from '../../core/program/elementary.ts';
import { integerAt, streamOf } from '../../core/random.ts';
import { expectedWindow } from '../tasks/stdp-window.ts';
import type { Curve, CurveLine } from './curve.ts';
import { axis, curve } from './curve.ts';
import { forcedSpikes, PLASTIC } from './forced-spikes.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

const DT = 0.001;
const TICKS = 200;
const MEASURED_EVERY = 3;
const STREAM = streamOf('verify/traces');

/** Every trace of the rule over `TICKS` ticks of random spikes on both sides. */
export function verifyTraces(rule: PlasticityRule): Verdict[] {
  const traces = Object.entries(rule.traces);
  if (traces.length === 0) return [];
  const train = (side: number): number[] => {
    const ticks = Array.from({ length: 25 }, (_, n) => 2 + integerAt(1, STREAM, n, side, TICKS - 2));
    return [...new Set(ticks)].sort((a, b) => a - b);
  };
  const [pre, post] = [train(0), train(1)];
  const simulation = forcedSpikes(rule, [pre], [post], { connect: 'one-to-one' });
  let worst = 0;
  for (let tick = 1; tick <= TICKS; tick++) {
    simulation.run(1);
    for (const [name, trace] of traces) {
      const [held] = simulation.traceValues(PLASTIC, name);
      const expected = closedForm(trace, trace.on === 'pre' ? pre : post, tick);
      worst = Math.max(worst, Math.abs(held - expected) / trace.impulse);
    }
  }
  return [
    verdict({
      subject: rule.name,
      name: 'traces',
      what: `largest difference of ${traces.map(([name]) => name).join(', ')} from the sum of exponentials over ${TICKS} ticks, in impulses`,
      value: worst,
      bar: { atMost: 1e-12 },
      source: 'Morrison, Diesmann & Gerstner (2008), Biol. Cybern. 98:459, section 4',
    }),
  ];
}

/** A trace at the end of a tick: of all spikes so far, or of the last one. */
function closedForm({ tau, impulse, pairing, decay }: TraceSpec, spikes: readonly number[], tick: number): number {
  const so = spikes.filter((spike) => spike <= tick);
  const left = (ticks: number): number => (decay === 'exact' ? exp((-ticks * DT) / tau) : (1 - DT / tau) ** ticks);
  return (pairing === 'nearest' ? so.slice(-1) : so).reduce((sum, spike) => sum + impulse * left(tick - spike), 0);
}

/** Distances from -60 to 60 ticks, one synapse each. */
export function verifyWindow(rule: PlasticityRule): Verdict[] {
  const checked = checkRuleOrThrow(rule);
  const { onPre, onPost } = checked.moments;
  const writesWeight = [onPre, onPost].some((program) => program !== undefined && analyse(program).writes.some(({ name }) => name === 'w'));
  if (!writesWeight) return [];
  const distances = Array.from({ length: 121 }, (_, n) => n - 60);
  const weight = (rule.bounds[0] + rule.bounds[1]) / 2;
  const pre = distances.map(() => [70]);
  const post = distances.map((distance) => [70 + distance]);
  const simulation = forcedSpikes(rule, pre, post, { connect: 'one-to-one', weight });
  simulation.run(140);
  const measured = simulation.weights(PLASTIC);
  const expected = expectedWindow(
    checked,
    DT,
    weight,
    distances.map((distance) => distance * DT),
  );
  return [
    verdict({
      subject: rule.name,
      name: 'window',
      what: 'largest difference of the change by one pair of spikes, 60 ms before to 60 ms after each other, from its closed form',
      value: expected.reduce((worst, change, n) => Math.max(worst, Math.abs(measured[n] - weight - change)), 0),
      bar: { atMost: 1e-12 },
      source: rule.citation ?? 'the text of the rule, with traces as exponentials',
      curves: [
        windowCurve(
          distances,
          Float64Array.from(measured, (value) => value - weight),
          expected,
        ),
      ],
    }),
  ];
}

/** Every third measured change over the closed form, which jumps where the order of the spikes does. @param distances ms */
function windowCurve(distances: readonly number[], measured: ArrayLike<number>, expected: ArrayLike<number>): Curve {
  const line = (label: string, style: CurveLine['style'], values: ArrayLike<number>, isIn: (distance: number) => boolean): CurveLine => {
    const at = distances.map((_, n) => n).filter((n) => isIn(distances[n]));
    return { label, style, x: at.map((n) => distances[n]), y: at.map((n) => values[n]) };
  };
  return curve({
    kind: 'window',
    title: 'change by one pair of spikes',
    x: axis('post − pre', 'ms'),
    y: axis('weight change'),
    lines: [
      line('closed form', 'expected', expected, (distance) => distance < 0),
      line('closed form', 'expected', expected, (distance) => distance >= 0),
      line('measured', 'points', measured, (distance) => distance % MEASURED_EVERY === 0),
    ],
  });
}
