/** What every result document says of the work that its figures are about: title, rule, seeds, inputs, and how to make it again. */
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import type { Work } from './plan-runs.ts';
import type { ResultDocument } from './result.ts';
import { RESULT_SCHEMA } from './result.ts';
import { contentHash } from './run-store.ts';
import { VERSION } from './version.ts';

type Head = Omit<ResultDocument, 'verb' | 'configuration' | 'results' | 'wallSeconds'>;

export function documentHead(
  { experiment, rule, data }: Work,
  { seed, seeds, devices, command }: Pick<ResultDocument, 'seed' | 'seeds' | 'devices' | 'command'>,
): Head {
  return {
    tool: 'hillock',
    version: VERSION,
    schema: RESULT_SCHEMA,
    ok: true,
    scenario: experiment.name,
    title: experiment.title,
    summary: experiment.summary,
    rule: { name: rule.name, ...(rule.citation === undefined ? {} : { citation: rule.citation }), text: ruleText(rule) },
    seed,
    seeds,
    ...(devices === undefined ? {} : { devices }),
    inputs: {
      experiment: { sha256: contentHash({ ...experiment, rule }), what: 'network, task and rule' },
      ...data?.inputs,
    },
    command,
    warnings: [],
  };
}

/** The rule as text for the report: its moments, or its sum of products. */
function ruleText(rule: PlasticityRule): string {
  const { dw, dt, dd } = rule.sumOfProducts ?? {};
  const parts = rule.sumOfProducts === undefined ? Object.entries(rule.code) : Object.entries({ dw, dt, dd });
  return parts.flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${text}`])).join('\n');
}
