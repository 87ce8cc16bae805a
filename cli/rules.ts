/** `hillock rules`: the library of plasticity rules. `show --json` prints a rule as a rule file would write it. */
import { ruleLibrary } from '../core/plasticity/library/rules.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { formatQuantity } from '../core/units.ts';
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
      text: (rule) => outline(rule.name, { ...asWritten(rule), name: undefined }),
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
      each(traces, ({ on, tau, impulse, pairing, decay }) => ({
        on,
        ...(tau === Number.POSITIVE_INFINITY ? {} : { tau: time(tau) }),
        ...(impulse === 1 ? {} : { impulse }),
        ...(pairing === 'all-to-all' ? {} : { pairing }),
        ...(decay === 'exact' ? {} : { decay }),
      })),
    ),
    ...unlessEmpty(
      'variables',
      each(variables, ({ initial, tau, meaning }) => ({
        ...(initial === 0 ? {} : { initial }),
        ...(tau === undefined ? {} : { tau: time(tau) }),
        ...(meaning === undefined ? {} : { meaning }),
      })),
    ),
    ...unlessEmpty('modulators', modulators),
    ...(sumOfProducts === undefined ? code : Object.fromEntries(Object.entries(sumOfProducts).filter(([, text]) => text !== undefined))),
    ...(epochTicks === 1 ? {} : { epochTicks }),
    bounds,
  };
}
