/**
 * `hillock sweep plan`: an experiment as `run` takes it, and what varies. Every combination becomes a setting, every setting with a seed a run; all are
 * planned once here, so that what a chip does not take is known before anything runs.
 */
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { formatProblem, UserError } from '../core/errors.ts';
import { chipNamed } from '../experiments/chips.ts';
import type { Axis, ChipVariant } from '../experiments/sweep/axes.ts';
import { chipVariants, EXPERIMENT_AXES, product, readAxis } from '../experiments/sweep/axes.ts';
import { PLAN_FILE, writePlan } from '../experiments/sweep/sweep-folder.ts';
import type { SweepPlan, SweepRequest } from '../experiments/sweep/sweep-plan.ts';
import { planSweep } from '../experiments/sweep/sweep-plan.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import type { ExperimentOptions, LoadedExperiment } from './load-experiment.ts';
import { loadExperiment } from './load-experiment.ts';
import { oneOf, shellWord } from './option-values.ts';
import { createProgress, PROGRESS_MODES } from './progress.ts';
import { experimentWords } from './run-chips.ts';

export interface SweepPlanOptions extends ExperimentOptions {
  readonly vary?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
  readonly progress?: string;
  readonly quiet?: boolean;
}

export async function sweepPlan(source: string, options: SweepPlanOptions, terminal: Terminal): Promise<Answer> {
  const problems: Problem[] = [];
  const mode = oneOf('--progress', options.progress ?? 'auto', PROGRESS_MODES, problems);
  const axes = axesOf(options, problems);
  const ofExperiment = axes.filter(isOfExperiment);
  const ofChips = axes.filter((axis) => !isOfExperiment(axis));
  const loaded = await loadAll(source, options, ofExperiment, terminal, problems);
  const [first] = loaded;
  const variants = chipVariants(first.chipNames, ofChips, problems);
  checkChips(variants, problems);
  if (problems.length > 0) throw new UserError(problems);

  const folder = options.out ?? join('out', `${first.experiment.name}-sweep`);
  const values = product(ofExperiment);
  const progress = createProgress(options.quiet === true ? 'none' : mode, terminal);
  const request: SweepRequest = {
    command: commandOf(source, options, first),
    axes: [...(first.chipNames.length > 1 ? [{ name: 'chip', values: first.chipNames }] : []), ...axes],
    seed: first.seed,
    seeds: first.seeds,
    devices: first.devices ?? 1,
    experiments: loaded.map(({ experiment, rule, data }) => ({
      experiment,
      rule,
      ...(data && { data }),
      ...(options.data === undefined ? {} : { folder: options.data }),
    })),
    settings: values.flatMap((chosen, experiment) =>
      variants.map((variant) => ({ experiment, chip: variant.name, values: { ...chosen, ...variant.values } })),
    ),
    onProgress: progress.show,
    signal: terminal.signal,
  };
  const plan = await planSweep(request).finally(progress.clear);
  if (plan.runs.length === 0) throw new UserError(distinct(plan.refused.flatMap((run) => run.problems)), plan.refused[0].exitCode);
  writePlan(folder, plan);
  return planAnswer(folder, plan, options);
}

const isOfExperiment = ({ name }: Axis): boolean => (EXPERIMENT_AXES as readonly string[]).includes(name);

function axesOf(options: SweepPlanOptions, problems: Problem[]): Axis[] {
  const axes = (options.vary ?? []).flatMap((text) => readAxis(text, problems) ?? []);
  for (const [n, { name }] of axes.entries()) {
    if (axes.findIndex((axis) => axis.name === name) < n)
      problems.push({ code: 'E-VARY', message: `--vary ${name} is given twice`, got: name });
    if (options[name as keyof SweepPlanOptions] !== undefined) {
      problems.push({ code: 'E-VARY', message: `--${name} and --vary ${name} are both given`, hint: 'give one of them', got: name });
    }
  }
  return axes;
}

/** The experiment once for each combination of what varies in it. */
async function loadAll(
  source: string,
  options: SweepPlanOptions,
  axes: readonly Axis[],
  terminal: Terminal,
  problems: Problem[],
): Promise<LoadedExperiment[]> {
  let input: Promise<string> | undefined;
  const once: Terminal = {
    ...terminal,
    readStandardInput: () => {
      input ??= terminal.readStandardInput();
      return input;
    },
  };
  const loaded: LoadedExperiment[] = [];
  for (const values of product(axes))
    loaded.push(await loadExperiment(source, { ...options, ...values }, once, { chips: ['ideal'] }, problems));
  return loaded;
}

function checkChips(variants: readonly ChipVariant[], problems: Problem[]): void {
  const found = variants.flatMap(({ name }): readonly Problem[] => {
    try {
      chipNamed(name);
      return [];
    } catch (error) {
      if (error instanceof UserError) return error.problems;
      throw error;
    }
  });
  problems.push(...distinct(found));
}

const distinct = (problems: readonly Problem[]): Problem[] => [...new Map(problems.map((problem) => [problem.message, problem])).values()];

function commandOf(source: string, options: SweepPlanOptions, loaded: LoadedExperiment): string {
  const vary = (options.vary ?? []).flatMap((text) => ['--vary', text]);
  return ['hillock', 'sweep', 'plan', ...experimentWords(source, options, loaded), ...vary].map(shellWord).join(' ');
}

function planAnswer(folder: string, plan: SweepPlan, { json, quiet }: SweepPlanOptions): Answer {
  const { runs, refused, settings } = plan;
  const next = `hillock sweep run ${shellWord(folder)}`;
  const problems = distinct(refused.flatMap((run) => run.problems));
  const warnings =
    refused.length === 0
      ? ''
      : `${refused.length} runs cannot be made:\n${problems.map((problem) => `${formatProblem(problem)}\n`).join('')}`;
  if (json === true) {
    const counts = { plan: join(folder, PLAN_FILE), settings: settings.length, runs: runs.length, refused: refused.length };
    return answer(jsonText('sweep', true, { ...counts, problems, next }), quiet === true ? '' : warnings);
  }
  return answer(`${runs.length} runs of ${settings.length} settings are planned in ${folder}\nnext: ${next}\n`, warnings);
}
