/** A result document made by code: three chips that differ as real ones do, with every optional part or, on request, with none. */

import { sourced } from '../../core/energy/energy-table.ts';
import { estimate } from '../../core/energy/estimate.ts';
import { integerAt, normalAt, uniformAt } from '../../core/random.ts';
import type {
  ChipResult,
  LearningCurve,
  Raster,
  ResultDocument,
  SeedStatistic,
  WeightPicture,
  WindowCurve,
} from '../../experiments/result.ts';
import { meanWithCi } from '../../experiments/statistics.ts';

const SEED = 7;
const SEEDS = 5;
const CLASSES = 10;
const SIDE = 8;

/** Statistic of given values per seed. */
export function statistic(perSeed: readonly number[]): SeedStatistic {
  const { mean, ci95, n } = meanWithCi([...perSeed]);
  return { mean, ci95: ci95 ? [ci95[0], ci95[1]] : null, n, perSeed };
}

interface ChipTraits {
  readonly chip: string;
  readonly title: string;
  readonly accuracy: number;
  readonly spread: number;
  readonly levels: number | null;
  readonly noise: number;
  /** Joules per rule evaluation, per trace update, per write, per synaptic event; null without an energy table. */
  readonly joules: readonly [number, number, number, number] | null;
}

const TRAITS: readonly ChipTraits[] = [
  { chip: 'ideal', title: 'Ideal', accuracy: 0.912, spread: 0.008, levels: null, noise: 0, joules: null },
  {
    chip: 'loihi',
    title: 'Loihi-like',
    accuracy: 0.884,
    spread: 0.009,
    levels: 128,
    noise: 0.0006,
    joules: [4e-11, 1.2e-11, 3.1e-11, 2.36e-11],
  },
  {
    chip: 'crossbar:rram-linear',
    title: 'Crossbar, linear RRAM',
    accuracy: 0.787,
    spread: 0.018,
    levels: 24,
    noise: 0.002,
    joules: [2e-12, 1.5e-12, 9e-12, 3e-13],
  },
];

/** The document with every part filled in, for the first `chips` chips (more than three repeat the last with other names). */
export function fullDocument(chips = 3): ResultDocument {
  const traits = Array.from({ length: chips }, (_, k) =>
    k < TRAITS.length
      ? TRAITS[k]
      : { ...TRAITS[2], chip: `crossbar:variant-${k}`, title: `Crossbar, variant ${k}`, accuracy: 0.787 + 0.03 * (k - 2) },
  );
  return withResults(traits.map(chipResult));
}

/** The document around given results. */
export function withResults(results: readonly ChipResult[]): ResultDocument {
  return {
    tool: 'hillock',
    version: '0.1.0',
    schema: 1,
    verb: 'run',
    ok: true,
    scenario: 'digits',
    title: 'Digits with pair STDP on three chips',
    summary:
      'A single layer of 10 LIF neurons learns 8 × 8 digits from Poisson spikes with soft-bounded pair STDP, on each chip with the same samples.',
    rule: {
      name: 'stdp-soft',
      citation: 'Gütig, Aharonov, Rotter, Sompolinsky (2003), J. Neurosci. 23(9), 3697–3714',
      text: 'onPre:  w -= aMinus * y1 * w\nonPost: w += aPlus * x1 * (1 - w)',
    },
    seed: SEED,
    seeds: SEEDS,
    inputs: {
      experiment: { sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', what: 'digits.json' },
      samples: { sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752', what: 'generated 8 × 8 digits' },
    },
    command: 'hillock run digits.json --chip ideal,loihi,crossbar:rram-linear --seeds 5 --seed 7',
    configuration: {
      dt: '1 ms',
      populations: [
        { name: 'pixels', size: 64 },
        { name: 'digits', size: 10, model: 'lif', tauMem: '20 ms' },
      ],
      rule: 'stdp-soft',
    },
    results,
    warnings: [
      { code: 'W-RANGE-TRACE', message: 'x1 reaches 143 of 127 in 2.1 % of steps', hint: 'lower the impulse to 96 or tau to 14 steps' },
    ],
    wallSeconds: 43.5,
  };
}

/** A chip result with nothing but its cost. */
export function bareResult(
  chip: string,
  title: string,
  perSeed: readonly number[] | null,
  perUpdate: readonly [value: number, lo: number, hi: number] | null = null,
): ChipResult {
  return {
    chip,
    title,
    accuracy: perSeed && statistic(perSeed),
    energy: {
      perUpdate: perUpdate && { value: perUpdate[0], lo: perUpdate[1], hi: perUpdate[2], unit: 'J' },
      perSynapticEvent: null,
      perSample: null,
      parts: { running: { value: 0, lo: 0, hi: 0 }, learning: { value: 0, lo: 0, hi: 0 }, static: { value: 0, lo: 0, hi: 0 } },
      total: { value: 0, lo: 0, hi: 0 },
      breakdown: [],
      missing: [],
    },
    learningCost: {
      synapticUpdates: 1840123,
      updateAttempts: 1900000,
      saturatedUpdates: 1200,
      synapticEvents: 9400000,
      spikes: 15000,
      samples: 4000,
    },
    curve: null,
    rasters: [],
    weights: null,
    window: null,
    confusion: null,
    resources: [],
    findings: [],
    caveats: [],
    stateHash: '00ff00ff00ff00ff',
    wallSeconds: 11.2,
  };
}

function chipResult(traits: ChipTraits, index: number): ChipResult {
  const perSeed = Array.from({ length: SEEDS }, (_, seed) => traits.accuracy + traits.spread * normalAt(SEED, 1, index, seed));
  const base = bareResult(traits.chip, traits.title, perSeed);
  const counts = { synapticUpdate: 1840123, traceUpdate: 410000, writePulse: 1700000, synapticEvent: 9400000, spikeHop: 15000 };
  const share = (joules: number): ReturnType<typeof sourced> =>
    sourced(joules, {
      lo: joules * 0.7,
      hi: joules * 1.6,
      source: 'a published table of one chip (2018), table 2',
      confidence: index === 1 ? 'measured' : 'assumed',
    });
  const energy = traits.joules
    ? estimate(
        counts,
        {
          name: traits.title,
          note: 'made up for tests',
          perEvent: {
            synapticUpdate: share(traits.joules[0]),
            traceUpdate: share(traits.joules[1]),
            writePulse: share(traits.joules[2]),
            synapticEvent: share(traits.joules[3]),
          },
          static: share(index === 1 ? 1e-5 : 1e-7),
        },
        { seconds: 40, updates: counts.synapticUpdate },
      )
    : estimate(counts, { name: 'ideal', note: '', perEvent: {} }, { seconds: 40, updates: counts.synapticUpdate });
  return {
    ...base,
    energy,
    learningCost: traits.levels === 24 ? { ...base.learningCost, writePulses: 1700000 } : base.learningCost,
    curve: curve(traits, index),
    rasters: [raster('Before learning', 'digits', index, 420), raster('After learning', 'digits', index + 50, 160)],
    weights: weights(traits, index),
    window: window(traits, index),
    confusion: confusion(traits.accuracy, index),
    resources:
      index === 0
        ? []
        : [
            { resource: 'synaptic memory', where: 'core 0', used: 640, available: 4096 },
            { resource: 'neurons', where: 'core 0', used: 10, available: 1024 },
            { resource: 'input axons', where: 'core 0', used: 64, available: index === 2 ? 60 : 4096 },
            { resource: 'learning rules', where: 'chip', used: 1, available: 1 },
          ],
    findings:
      index === 0
        ? []
        : [
            {
              severity: 'warning',
              code: 'W-ROUND',
              message: '|dw| is below one level in 71 % of updates',
              hint: 'stochastic rounding carries the learning; nearest rounding would stall',
            },
          ],
    caveats: index === 2 ? ['Wire resistance is not modelled.', 'Retention loss is not modelled; runs are short against it.'] : [],
    stateHash: `a1b2c3d4e5f6070${index}`,
    wallSeconds: 11.2 + 2.4 * index,
  };
}

function curve(traits: ChipTraits, index: number): LearningCurve {
  const samples = Array.from({ length: 21 }, (_, k) => k * 200);
  const perSeed = Array.from({ length: SEEDS }, (_, seed) =>
    samples.map(
      (n, k) => 0.1 + (traits.accuracy - 0.1) * (1 - Math.exp(-n / 700)) + traits.spread * 0.8 * normalAt(SEED, 2, index * 100 + seed, k),
    ),
  );
  return { samples, perSeed, label: 'accuracy on 500 validation samples' };
}

function raster(title: string, population: string, item: number, spikes: number): Raster {
  const ticks = 350;
  const t = Array.from({ length: spikes }, (_, k) => integerAt(SEED, 3, item, k, ticks)).sort((a, b) => a - b);
  return { title, population, neurons: CLASSES, ticks, dt: 1e-3, t, i: t.map((_, k) => integerAt(SEED, 4, item, k, CLASSES)) };
}

/** Fields with a bright disc that moves from neuron to neuron, quantised to the chip's levels. */
function weights(traits: ChipTraits, index: number): WeightPicture {
  const { levels } = traits;
  const onChip = (w: number): number => (levels === null ? w : Math.round(w * (levels - 1)) / (levels - 1));
  const fields = Array.from({ length: CLASSES }, (_, neuron) =>
    Array.from({ length: SIDE * SIDE }, (_, pixel) => {
      const row = Math.floor(pixel / SIDE) - 3.5;
      const column = (pixel % SIDE) - 3.5;
      const ring = Math.exp(-((Math.hypot(row - 2 * Math.cos(neuron), column - 2 * Math.sin(neuron)) - 1.2) ** 2));
      return onChip(Math.min(1, Math.max(0, ring * 0.95 + (0.03 + 30 * traits.noise) * normalAt(SEED, 5, index * 1000 + pixel, neuron))));
    }),
  );
  const edges = Array.from({ length: 41 }, (_, k) => k / 40);
  const count = (values: readonly number[]): number[] =>
    edges.slice(1).map((_, k) => values.filter((w) => Math.min(39, Math.floor(w * 40)) === k).length);
  const initial = Array.from({ length: CLASSES * SIDE * SIDE }, (_, k) => onChip(0.25 + 0.1 * uniformAt(SEED, 6, k, 0)));
  return {
    projection: 'pixels → digits',
    histogram: { edges, before: count(initial), after: count(fields.flat()) },
    levels: levels === null ? null : Array.from({ length: levels }, (_, k) => k / (levels - 1)),
    mosaic: { rows: SIDE, columns: SIDE, labels: fields.map((_, k) => String(k)), fields },
  };
}

function window(traits: ChipTraits, index: number): WindowCurve {
  const deltaT = Array.from({ length: 40 }, (_, k) => (k < 20 ? k - 20 : k - 19) * 2.5e-3);
  const expected = deltaT.map((t) => (t > 0 ? 0.01 * Math.exp(-t / 0.02) : -0.0105 * Math.exp(t / 0.02)));
  const deltaW = expected.map((w, k) => w * (index === 2 ? 0.8 : 1) + 0.3 * traits.noise * normalAt(SEED, 7, index, k));
  return { deltaT, deltaW, sd: deltaW.map(() => traits.noise), n: 20, expected };
}

function confusion(accuracy: number, index: number): number[][] {
  return Array.from({ length: CLASSES }, (_, actual) =>
    Array.from({ length: CLASSES }, (_, answered) => {
      if (actual === answered) return Math.round(250 * accuracy);
      return Math.floor(((250 * (1 - accuracy)) / 9) * 2 * uniformAt(SEED, 8, index * 100 + actual, answered));
    }),
  );
}
