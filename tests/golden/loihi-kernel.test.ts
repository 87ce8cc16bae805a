/**
 * Lava's recordings of plastic connections through plan and kernel of the chip: compiled programs, delay ring, epochs, graded spikes, and the random
 * numbers of the recording as the chip's tape. Weights, tags and delay variables are whole numbers and must be the same at every step.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LavaTape } from '../../chips/loihi-like/lava/tape.ts';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import type { LoihiOptions } from '../../chips/loihi-like/switches.ts';
import type { SignMode } from '../../chips/loihi-like/weights.ts';
import { truncateWeight } from '../../chips/loihi-like/weights.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { replay } from '../../core/network/read-population.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { Simulation } from '../../workers/simulation.ts';
import type { Recording } from '../support/loihi-recordings.ts';
import { eachRecording, lavaRule } from '../support/loihi-recordings.ts';

const LIMITS = { mixed: [-255, 255], excitatory: [0, 255], inhibitory: [-255, 0] } as const;
const GRADED = [undefined, 'set', 'add', 'overflow'] as const;

const signOf = ({ sign_mode = 'MIXED' }: Recording): SignMode => sign_mode.toLowerCase();

/** Ticks before the first step: a spike that arrives in the first step has to be sent before it, and epochs and all u_k count from it. */
function before(rule: Recording): number {
  const [, k = '0'] = /u(\d)/.exec([rule.dw, rule.dt, rule.dd].join()) ?? [];
  return (rule.t_epoch ?? 1) * 2 ** Number(k);
}

/** Between replayed spikes and neurons that fire exactly when a second input tells them to, whatever the plastic weights send. */
function connection({ parameters, inputs }: Recording): Network {
  const { weights, num_weight_bits = 8, num_message_bits = 0, graded_spike_cfg = 0 } = parameters.connection;
  const [nPost, nPre] = [weights.length, weights[0].length];
  const sign = signOf(parameters.connection);
  const isGraded = num_message_bits > 0;
  const most = Math.max(...inputs.pre.map((row: number[]) => row.reduce((sum, payload) => sum + (isGraded ? payload : 1), 0)));
  // thresholds have 17 bits and are shifted beyond; 80000 leaves room in 24 bits for the 1.3 thresholds that force a spike and what the weights send
  let threshold = 80_000;
  while (threshold < 4 * 255 * most) threshold *= 2;
  const net = network({ dt: '1 s', seed: 1 });
  const from = net.input('pre', nPre, { times: [], neurons: [] });
  const drive = net.input('drive', nPost, { times: [], neurons: [], payloads: [] });
  const to = net.neurons('post', nPost, { model: 'lif', tauMem: '0.1 s', vThreshold: threshold });
  const rule = lavaRule(parameters.rule);
  const graded = GRADED[graded_spike_cfg];
  const traces = graded === undefined || rule.traces.x1 === undefined ? rule.traces : { ...rule.traces, x1: { ...rule.traces.x1, graded } };
  const first = Array.from({ length: nPre }, (_, i) =>
    Array.from({ length: nPost }, (_, j) => truncateWeight(weights[j][i], { sign, bits: num_weight_bits })),
  ).flat();
  net.connect(from, to, { name: 'plastic', weight: first, delay: '1 s', rule: { ...rule, traces, bounds: LIMITS[sign] } });
  net.connect(drive, to, { name: 'force', connect: 'one-to-one', weight: 255, delay: '1 s' });
  const description = net.freeze();
  const offset = before(parameters.rule);
  const source = (rows: number[][], payload: (value: number) => number) => {
    const spikes = rows.flatMap((row, t) => row.flatMap((value, neuron) => (value === 0 ? [] : [{ tick: t + offset, neuron, value }])));
    return replay(
      spikes.map(({ tick }) => tick),
      spikes.map(({ neuron }) => neuron),
      spikes.map(({ value }) => payload(value)),
    );
  };
  const pre = source(inputs.pre, Number);
  const { payloads: _, ...spikes } = pre as typeof pre & { payloads?: unknown };
  const sources: Readonly<Record<string, Network['populations'][number]['source']>> = {
    pre: isGraded ? pre : (spikes as typeof pre),
    drive: source(inputs.post, () => Math.round((1.3 * threshold) / 255)),
  };
  return {
    ...description,
    populations: description.populations.map((population) =>
      sources[population.name] === undefined ? population : { ...population, source: sources[population.name] },
    ),
  };
}

/** The ticks before the first step draw numbers that nothing depends on. */
function shifted(tape: LavaTape, ticks: number, epochTicks: number): LavaTape {
  const late = (values: readonly number[], by: number): number[] => [...new Array<number>(by).fill(0), ...values];
  return {
    ...(Object.fromEntries(Object.entries(tape).map(([name, values]) => [name, late(values, ticks / epochTicks)])) as unknown as LavaTape),
    post_multi_spike_impulse: late(tape.post_multi_spike_impulse, ticks),
  };
}

function tapeOf({ rng, parameters, inputs }: Recording): LavaTape {
  if (rng.mode !== 'constant') {
    const { x_decay, x_impulse, y_decay, y_impulse, weight_round, post_multi_spike_impulse } = rng;
    return { x_decay, x_impulse, y_decay, y_impulse, weight_round, post_multi_spike_impulse };
  }
  const steps = inputs.pre.length;
  const epochs = Math.floor(steps / parameters.rule.t_epoch);
  const [decay, impulse, round] = [rng.decay, rng.impulse, rng.weight].map((value) => new Array<number>(epochs).fill(value));
  return {
    x_decay: decay,
    x_impulse: impulse,
    y_decay: decay,
    y_impulse: impulse,
    weight_round: round,
    post_multi_spike_impulse: new Array<number>(steps).fill(rng.impulse),
  };
}

/** Recordings in which a weight or a tag starts, or ends, where the kernel cannot: tags given one by one, -256. */
const reaches = (values: unknown, wanted: number): boolean =>
  Array.isArray(values) ? values.some((one) => reaches(one, wanted)) : values === wanted;

let compared = 0;

eachRecording(
  test,
  'learning',
  ({
    arithmetic,
    inputs,
    parameters: {
      connection: { tag_1, tag_2 },
    },
    expected,
  }) =>
    arithmetic === 'bit_approximate' &&
    inputs.y1 === undefined &&
    tag_1 === undefined &&
    tag_2 === undefined &&
    !reaches(expected.weights, -256),
  (recording) => {
    const { parameters, inputs, expected } = recording;
    const epoch = parameters.rule.t_epoch ?? 1;
    const options: LoihiOptions = {
      rounding: 'tape',
      tape: shifted(tapeOf(recording), before(parameters.rule), epoch),
      impulseFraction: 'lava',
    };
    const plan = buildPlan(connection(recording), loihiLike(options));
    for (const shape of [{}, { backend: 'js' }, { shards: 2, threads: 1 }] as const) {
      const simulation = new Simulation(plan, shape);
      simulation.learning = false;
      simulation.run(before(parameters.rule));
      simulation.learning = true;
      for (let row = 0; row < inputs.pre.length; row++) {
        simulation.run(1);
        for (const [name, variable] of Object.entries({ weights: 'w', tag_1: 't', tag_2: 'd' })) {
          if (expected[name] === undefined) continue;
          const values = simulation.synapseVariable('plastic', variable);
          const nPost = expected[name][row].length;
          const asMatrix = expected[name][row].map((line: number[], j: number) => line.map((_, i) => values[i * nPost + j]));
          assert.equal(asMatrix, expected[name][row], `${name} at step ${row + 1}`);
        }
      }
      simulation.dispose();
    }
    compared++;
  },
);

test('most of the recordings have been run', () => {
  // none where the recordings are not there
  assert.ok(compared === 0 || compared >= 18, `${compared} compared`);
});

test.run();
