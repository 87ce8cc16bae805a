/**
 * One document from the folder of a sweep: each setting with its figures over seeds, and the runs that have none. Outcomes are read setting by setting,
 * so memory does not grow with the sweep. What two versions made is not put together.
 */
import type { Problem } from '../../core/errors.ts';
import { UserError } from '../../core/errors.ts';
import type { ResultDocument, RunWithoutResult, SettingResult, SweepResult } from '../result.ts';
import { documentHead } from '../result-document.ts';
import { contentHash } from '../run-store.ts';
import { settingResult } from './setting-result.ts';
import type { SweepFolder } from './sweep-folder.ts';
import { isSamePlan, refuseForeignResults, stateOf } from './sweep-folder.ts';
import type { SweepPlan, SweepRun } from './sweep-plan.ts';
import { openPlan } from './sweep-plan.ts';

/** Takes the results of another folder with the same plan, from a machine that shares no disk with this one. */
export function takeResults(to: SweepFolder, from: SweepFolder): number {
  if (!isSamePlan(to.plan, from.plan)) {
    throw new UserError({
      code: 'E-PLAN',
      message: `${from.path} holds another plan than ${to.path}`,
      hint: 'merge folders of one plan only',
    });
  }
  refuseForeignResults(from);
  let taken = 0;
  for (const { key } of to.plan.runs) {
    if (to.store.has(key)) continue;
    const outcome = from.store.read(key);
    const failure = from.failureOf(key);
    if (outcome !== undefined) to.store.write(key, outcome);
    else if (failure !== undefined && to.failureOf(key) === undefined) to.writeFailure(key, failure);
    if (outcome !== undefined) taken++;
  }
  return taken;
}

export function mergeSweep(folder: SweepFolder): ResultDocument {
  refuseForeignResults(folder);
  const started = performance.now();
  const { plan } = folder;
  const sweep = { ...sweepStatus(folder), settings: settingResults(folder) };
  const { experiments, seed, seeds, devices, command, axes } = plan;
  const byRule = experiments.filter(({ rule }, n) => experiments.findIndex((other) => other.rule.name === rule.name) === n);
  const heads = byRule.map((experiment) => documentHead(experiment, { seed, seeds, ...(devices === 1 ? {} : { devices }), command }));
  return {
    ...heads[0],
    ...namesOfAll(heads),
    verb: 'sweep',
    ok: sweep.runs.done === sweep.runs.planned,
    inputs: {
      plan: { sha256: contentHash(plan), what: `${sweep.runs.planned} runs of ${plan.settings.length} settings` },
      ...Object.fromEntries(
        experiments.flatMap(({ images }) =>
          images === undefined ? [] : Object.entries(images.sha256).map(([part, sha256]) => [part, { sha256 }]),
        ),
      ),
    },
    configuration: { axes, experiments: experiments.map(({ experiment: { task, network }, rule }) => ({ task, network, rule })) },
    results: [],
    sweep,
    wallSeconds: (performance.now() - started) / 1000,
  };
}

/** What is said of a sweep through several rules: of each, what the document of a run says of its one. */
function namesOfAll(heads: readonly (Named & Pick<ResultDocument, 'scenario'>)[]): Named {
  if (heads.length === 1) return heads[0];
  const citations = new Set(heads.flatMap(({ rule }) => rule.citation ?? []));
  return {
    title: `${heads[0].scenario} by ${heads.length} rules`,
    summary: heads.map(({ rule, summary }) => `${rule.name}: ${summary}`).join('; '),
    rule: {
      name: heads.map(({ rule }) => rule.name).join(', '),
      ...(citations.size === 0 ? {} : { citation: [...citations].join('; ') }),
      text: heads.map(({ rule }) => `# ${rule.name}\n${rule.text}`).join('\n\n'),
    },
  };
}

type Named = Pick<ResultDocument, 'title' | 'summary' | 'rule'>;

/** How far a sweep is. */
export function sweepStatus(folder: SweepFolder): Pick<SweepResult, 'axes' | 'runs' | 'failed' | 'missing'> {
  const { plan } = folder;
  const failed = plan.refused.map((run) => withoutResult(plan, run, run.problems));
  const missing: RunWithoutResult[] = [];
  for (const run of plan.runs) {
    const state = stateOf(folder, run.key);
    if (state === 'missing') missing.push(withoutResult(plan, run));
    if (state === 'failed') failed.push(withoutResult(plan, run, folder.failureOf(run.key)?.problems));
  }
  const planned = plan.runs.length + plan.refused.length;
  const done = planned - failed.length - missing.length;
  return { axes: plan.axes, runs: { planned, done, failed: failed.length, missing: missing.length }, failed, missing };
}

function withoutResult(
  { settings }: SweepPlan,
  { setting, seed, deviceSet }: Omit<SweepRun, 'key'>,
  problems: readonly Problem[] = [],
): RunWithoutResult {
  const { chip, values } = settings[setting];
  const [problem] = problems.map(({ code, message }) => ({ code, message }));
  return { chip, values, seed, deviceSet, ...(problem && { problem }) };
}

function settingResults({ plan, store }: SweepFolder): SettingResult[] {
  const { settingOf } = openPlan(plan, 'none');
  const runs = plan.settings.map((): (Omit<SweepRun, 'key'> & { readonly key?: string })[] => []);
  for (const run of [...plan.runs, ...plan.refused]) runs[run.setting].push(run);
  return plan.settings.map(({ values }, n) =>
    settingResult(
      values,
      runs[n]
        .toSorted((a, b) => a.seed - b.seed || a.deviceSet - b.deviceSet)
        .map((run) => ({ setting: settingOf(run), outcome: run.key === undefined ? undefined : store.read(run.key) })),
    ),
  );
}
