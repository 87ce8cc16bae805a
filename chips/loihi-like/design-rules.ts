/**
 * The design rules of a Loihi-like chip, by name. Some are broken (error: the network cannot be lowered), some are warnings (it can, and
 * behaves differently), some are for information. None of them runs anything.
 */
import type { DesignRule, DesignSubject, DiscretisedParameter, NearestRule, Violation } from '../../core/chip-contract.ts';
import { drawValues } from '../../core/network/connectivity.ts';
import type { Network, Population } from '../../core/network/network.ts';
import { sendsSigns } from '../../core/network/network.ts';
import { streamOf } from '../../core/random.ts';
import { discretisedPopulation } from './discretisation.ts';
import { hiddenPostState, smallChanges } from './fit-findings.ts';
import { nearestLegalRule } from './fix.ts';
import { chipRule } from './lower-rule.ts';
import type { PopulationRule } from './neuron-findings.ts';
import {
  decayResolution,
  gradedSpikes,
  neuronMicrocode,
  neuronModel,
  noiseAmplitude,
  portGains,
  refractoryRange,
  thresholdProfiles,
  thresholdRange,
  twoCompartments,
} from './neuron-findings.ts';
import { nearestNotationRule } from './notation-fix.ts';
import { resourceFindings } from './place-findings.ts';
import { productTable } from './product-table.ts';
import { LOIHI } from './profile.ts';
import { signFindings } from './rule-findings.ts';
import type { Incoming, ProjectionScale } from './scales.ts';
import { membraneScale } from './scales.ts';
import type { LoihiSettings } from './switches.ts';
import { realTimeFindings } from './timing.ts';
import { discretise } from './weights.ts';

const POPULATION_RULES: Readonly<Record<string, PopulationRule>> = {
  'neuron-model': neuronModel,
  'neuron-microcode': neuronMicrocode,
  'two-compartments': twoCompartments,
  'refractory-range': refractoryRange,
  'decay-resolution': decayResolution,
  'threshold-range': thresholdRange,
  'threshold-profiles': thresholdProfiles,
  'noise-amplitude': noiseAmplitude,
  'port-gain': portGains,
  'graded-spikes': gradedSpikes,
};

/** Design rules over learning rules; their findings are made where the rule is read (rule-findings.ts). */
const LEARNING_RULES = [
  'sum-of-products',
  'trace-count',
  'trace-range',
  'synapse-variables',
  'post-state',
  'epoch-length',
  'coefficient',
  'third-factor',
  'same-side-trace',
  'coincident-spikes',
  'update-order',
  'lava-traps',
  'small-changes',
] as const;

export function designRules(settings: LoihiSettings): DesignRule[] {
  // all learning rules of a network are read once, not once per design rule
  const read = new WeakMap<DesignSubject, readonly Violation[]>();
  const learning = (subject: DesignSubject): readonly Violation[] => {
    const found = read.get(subject) ?? learningFindings(subject, settings);
    read.set(subject, found);
    return found;
  };
  return [
    ...Object.entries(POPULATION_RULES).map(
      ([name, check]): DesignRule => ({ name, check: (subject) => overPopulations(subject, settings, name, check) }),
    ),
    ...LEARNING_RULES.map(
      (name): DesignRule => ({ name, check: (subject) => learning(subject).filter(({ designRule }) => designRule === name) }),
    ),
    { name: 'delay-range', check: delayRange },
    { name: 'weight-resolution', check: (subject) => weightResolution(subject, settings) },
    { name: 'core-resources', check: ({ placement }) => resourceFindings(placement, settings) },
    { name: 'real-time', check: ({ placement, network }) => realTimeFindings(placement, network.dt) },
  ];
}

/** All findings about one population, as `lowerPopulation` needs them. A model without an integer form is not looked at further. */
export function populationFindings(
  population: Population,
  network: Network,
  incoming: readonly Incoming[],
  settings: LoihiSettings,
): Violation[] {
  const context = { population, network, incoming, settings };
  const check = (name: string): Violation[] => POPULATION_RULES[name](context).map((finding) => ({ ...finding, designRule: name }));
  const refused = check('neuron-model');
  return refused.length > 0 ? refused : Object.keys(POPULATION_RULES).flatMap(check);
}

function overPopulations(subject: DesignSubject, settings: LoihiSettings, name: string, check: PopulationRule): Violation[] {
  const { network } = subject;
  // of sources only what their spikes carry is looked at
  const looksAtSources = name === 'graded-spikes';
  return network.populations
    .filter(({ source }) => source === undefined || looksAtSources)
    .flatMap((population) => {
      const context = { population, network, incoming: incomingOf(subject, population), settings };
      if (name !== 'neuron-model' && population.source === undefined && neuronModel(context).length > 0) return [];
      return check(context).map((finding) => ({ ...finding, designRule: name }));
    });
}

/** The projections onto a population with their initial weights, which are drawn when asked for: where a rule learns, nobody does. */
function incomingOf({ network, tables }: DesignSubject, population: Population): Incoming[] {
  return network.projections
    .filter(({ post }) => post === population.name)
    .map((projection) => {
      let drawn: Float64Array | undefined;
      return {
        projection,
        get weights() {
          const count = tables.get(projection.name)?.nSynapses ?? 0;
          drawn ??= drawValues(projection.weight, count, network.seed, streamOf(`${projection.name}/weight`));
          return drawn;
        },
      };
    });
}

function scaleOf(subject: DesignSubject, projection: string, settings: LoihiSettings): ProjectionScale | undefined {
  const { network } = subject;
  const post = network.populations.find(({ name }) => name === network.projections.find((one) => one.name === projection)?.post);
  if (post === undefined || neuronModel({ population: post, network, incoming: [], settings }).length > 0) return undefined;
  return membraneScale(post, incomingOf(subject, post), network, settings).projections.get(projection);
}

function learningFindings(subject: DesignSubject, settings: LoihiSettings): Violation[] {
  return [...subject.rules].flatMap(([projection, checked]) => {
    const scale = scaleOf(subject, projection, settings);
    if (scale === undefined) return [];
    const chip = chipRule(checked, { projection, scale, dt: subject.network.dt }, settings);
    const pre = subject.network.populations.find(
      ({ name }) => name === subject.network.projections.find((one) => one.name === projection)?.pre,
    );
    const signs = pre !== undefined && sendsSigns(pre) ? signFindings(chip.title, chip.traces) : [];
    return [...chip.findings, ...signs, ...hiddenPostState(checked), ...smallChanges(chip, settings)];
  });
}

/** Every parameter and weight in integers. */
export function discretisedParameters(subject: DesignSubject, settings: LoihiSettings): DiscretisedParameter[] {
  const { network } = subject;
  return network.populations
    .filter((population) => population.source === undefined && neuronModel({ population, network, incoming: [], settings }).length === 0)
    .flatMap((population) => {
      const incoming = incomingOf(subject, population);
      return discretisedPopulation(subject, population, membraneScale(population, incoming, network, settings), incoming);
    });
}

/** The products of each rule, by projection. */
export function productTables(subject: DesignSubject, settings: LoihiSettings): ReadonlyMap<string, string> {
  return new Map(
    [...subject.rules].flatMap(([projection, checked]) => {
      const scale = scaleOf(subject, projection, settings);
      if (scale === undefined) return [];
      return [[projection, productTable(checked, { chip: settings, dt: subject.network.dt, weightScale: scale.scale })]];
    }),
  );
}

/** The nearest rules that fit, by projection; also for rules in Loihi's notation whose text is no sum of products. */
export function nearestRules(subject: DesignSubject, settings: LoihiSettings): ReadonlyMap<string, NearestRule> {
  const nearest = new Map<string, NearestRule>();
  for (const { name: projection, rule } of subject.network.projections) {
    if (rule === undefined) continue;
    const scale = scaleOf(subject, projection, settings);
    if (scale === undefined) continue;
    const place = { projection, scale, dt: subject.network.dt };
    const checked = subject.rules.get(projection);
    const legal =
      checked !== undefined
        ? nearestLegalRule(checked, place, settings)
        : rule.sumOfProducts !== undefined
          ? nearestNotationRule(rule, place, settings)
          : undefined;
    if (legal !== undefined) nearest.set(projection, legal);
  }
  return nearest;
}

function delayRange({ network, tables }: DesignSubject): Violation[] {
  return network.projections.flatMap(({ name }): Violation[] => {
    const longest = tables.get(name)?.maxDelay ?? 1;
    const [most, free] = [LOIHI.delayMax.value + 1, LOIHI.delayWithoutCost.value + 1];
    if (longest > most) {
      const message = `projection ${name}: a delay of ${longest} ticks, but the delay field ends at ${most}`;
      return [
        {
          severity: 'error',
          designRule: 'delay-range',
          code: 'E-LOIHI-DELAY',
          message,
          hint: 'relay the spikes through a population, or take a longer tick',
        },
      ];
    }
    if (longest <= free) return [];
    const message = `projection ${name}: delays up to ${longest} ticks; above ${free} a core keeps fewer compartments (by how many is not published)`;
    return [{ severity: 'info', designRule: 'delay-range', code: 'I-LOIHI-DELAY', message }];
  });
}

/** Weights that do not fit, or that the format is too coarse for. */
function weightResolution(subject: DesignSubject, settings: LoihiSettings): Violation[] {
  const { network } = subject;
  return network.projections.flatMap(({ name, post }): Violation[] => {
    const scale = scaleOf(subject, name, settings);
    const population = network.populations.find((candidate) => candidate.name === post);
    const weights = population && incomingOf(subject, population).find(({ projection }) => projection.name === name)?.weights;
    if (scale === undefined || weights === undefined || weights.length === 0) return [];
    const { clipped, vanished, rmsError } = discretise(weights, scale.scale, scale.format);
    const findings: Violation[] = [];
    if (clipped > 0) {
      const message = `projection ${name}: ${clipped} of ${weights.length} initial weights lie outside what the format holds and are clipped`;
      findings.push({
        severity: 'warning',
        designRule: 'weight-resolution',
        code: 'W-LOIHI-CLIPPED',
        message,
        hint: 'draw initial weights inside the bounds of the rule',
      });
    }
    if (vanished > weights.length / 20) {
      const message = `projection ${name}: ${vanished} of ${weights.length} weights become zero, rms error ${rmsError.toPrecision(2)}`;
      findings.push({
        severity: 'warning',
        designRule: 'weight-resolution',
        code: 'W-LOIHI-VANISHED',
        message,
        hint: 'weights below half a step vanish: bring large and small weights closer, or use more bits',
      });
    }
    return findings;
  });
}
