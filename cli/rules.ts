/**
 * `hillock rules`: the library of plasticity rules. `show` prints one of them with what it needs and what each chip makes of it; `show --json` has the
 * rule as a rule file would write it, and its needs beside it.
 */
import { ruleLibrary } from '../core/plasticity/library/rules.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { formatQuantity, formatSi } from '../core/units.ts';
import type { ChipNeeds, RuleNeeds } from '../experiments/rule-needs.ts';
import { needsOf, RATE } from '../experiments/rule-needs.ts';
import { useInWords } from '../experiments/rule-uses.ts';
import type { Answer, Terminal } from './answer.ts';
import type { CatalogueOptions } from './catalogue.ts';
import { consult, outline } from './catalogue.ts';

export function rules(action: string, name: string | undefined, options: CatalogueOptions, terminal: Terminal): Answer {
  return consult(
    {
      verb: 'rules',
      noun: 'rule',
      entries: ruleLibrary,
      row: ({ summary = '', citation = '' }) => ({ summary, citation }),
      data: asWritten,
      more: (rule) => ({ needs: needsOf(rule) }),
      text: (rule) => outline(rule.name, { ...asWritten(rule), name: undefined, needs: needsInWords(needsOf(rule)) }),
    },
    action,
    name,
    options,
    terminal,
  );
}

/** The rule as a person would write it, with units; what has its usual value is left out. */
export function asWritten(rule: PlasticityRule): Record<string, unknown> {
  const { name, summary, citation, parameters, traces, variables, modulators, code, sumOfProducts, epochTicks, bounds } = rule;
  const time = (seconds: number): string => formatQuantity(seconds, 'time', 15);
  const unlessEmpty = <T extends object>(key: string, entries: T): Record<string, unknown> =>
    Object.keys(entries).length === 0 ? {} : { [key]: entries };
  const each = <T>(entries: Readonly<Record<string, T>>, write: (entry: T) => object): Record<string, object> =>
    Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, write(entry)]));
  return {
    name,
    ...(summary === undefined ? {} : { summary }),
    ...(citation === undefined ? {} : { citation }),
    ...unlessEmpty('parameters', parameters),
    ...unlessEmpty(
      'traces',
      each(traces, ({ on, tau, impulse, pairing, decay, graded }) => ({
        on,
        ...(tau === Number.POSITIVE_INFINITY ? {} : { tau: time(tau) }),
        ...(impulse === 1 ? {} : { impulse }),
        ...(pairing === 'all-to-all' ? {} : { pairing }),
        ...(decay === 'exact' ? {} : { decay }),
        ...(graded === undefined ? {} : { graded }),
      })),
    ),
    ...unlessEmpty(
      'variables',
      each(variables, ({ initial, tau, range, meaning }) => ({
        ...(initial === 0 ? {} : { initial }),
        ...(tau === undefined ? {} : { tau: time(tau) }),
        ...(range === undefined ? {} : { range }),
        ...(meaning === undefined ? {} : { meaning }),
      })),
    ),
    ...unlessEmpty('modulators', modulators),
    ...(sumOfProducts === undefined ? code : Object.fromEntries(Object.entries(sumOfProducts).filter(([, text]) => text !== undefined))),
    ...(epochTicks === 1 ? {} : { epochTicks }),
    bounds,
  };
}

function needsInWords({ moments, preTraces, postTraces, postState, thirdFactors, modulators, perSynapse, chips }: RuleNeeds): object {
  const named = { 'pre trace': preTraces, 'post trace': postTraces, 'state of the post neuron': postState };
  const sent = { 'third factor per post neuron': thirdFactors, 'modulator for all': modulators };
  const kinds = Object.entries({ ...named, ...sent }).filter(([, names]) => names.length > 0);
  return {
    ...Object.fromEntries(kinds.map(([kind, names]) => [kind, names.join(', ')])),
    'per synapse': perSynapse.join(', '),
    ...Object.fromEntries(
      moments.map((use) => [
        use.moment,
        [useInWords(use), ...Object.entries(use.operations).map(([operation, count]) => `${count} ${operation}`)].join('; '),
      ]),
    ),
    ...Object.fromEntries(chips.map((chip) => [`on ${chip.chip}`, chipInWords(chip)])),
  };
}

function chipInWords({ accepts, findings, perSynapse, nearest, energyPerUpdate }: ChipNeeds): object {
  const { value, lo, hi } = energyPerUpdate ?? { value: 0, lo: 0, hi: 0 };
  return {
    verdict: accepts ? 'runs' : 'refused',
    'per synapse': perSynapse?.join(', '),
    cost:
      energyPerUpdate === undefined
        ? undefined
        : `${formatSi(value, 'J')} per update [${formatSi(lo, 'J')}, ${formatSi(hi, 'J')}] with ${RATE} Hz on both sides`,
    findings: findings.length === 0 ? undefined : findings.map(findingInWords).join('\n'),
    change: nearest == null || nearest.changes.length === 0 ? undefined : nearest.changes.join('\n'),
    'off by': nearest == null ? undefined : `at most ${Number(nearest.maxDifference.toPrecision(2))} per weight change in the nearest rule`,
    nearest: nearest === null ? 'there is no rule near this one that fits' : undefined,
  };
}

const findingInWords = ({ severity, code, message, hint }: ChipNeeds['findings'][number]): string =>
  severity === 'info' || hint === undefined ? `${code}  ${message}` : `${code}  ${message}\n  -> ${hint}`;
