/** Asks a design space a question: runs the ideal chip and a row of chips that differ in one thing on the same seeds, and says what was found. */
import { ideal } from '../../chips/ideal/ideal.ts';
import { UserError } from '../../core/errors.ts';
import { chipNamed, withOption } from '../chips.ts';
import type { ResultDocument } from '../result.ts';
import { documentHead } from '../result-document.ts';
import type { ExperimentRun } from '../run-experiment.ts';
import type { QuestionAxis, QuestionScenario } from '../scenario.ts';
import { answerOf } from './answer.ts';
import type { ChipSetting } from './run-settings.ts';
import { runSettings } from './run-settings.ts';

/** What varies, as a row of chips. */
interface Row {
  readonly axis: string;
  readonly noun: string;
  readonly meaning: string;
  readonly settings: readonly (ChipSetting & { readonly value: string })[];
}

/** @param chipNames chips it is asked of, as the command line writes them */
export async function askQuestion(scenario: QuestionScenario, run: ExperimentRun, chipNames: readonly string[]): Promise<ResultDocument> {
  if (run.experiment.task.kind === 'stdp-window') {
    throw new UserError({
      code: 'E-TASK',
      message: `${run.experiment.name} has no score, so nothing can be said to learn as well as another`,
    });
  }
  const started = performance.now();
  const row = rowOf(scenario, chipNames);
  const results = await runSettings(run, [{ chip: ideal(), values: { chip: 'ideal' } }, ...row.settings]);
  const [reference, ...settings] = results;
  const { question, wanted, tolerance } = scenario;
  const found = answerOf({
    wanted,
    tolerance,
    noun: row.noun,
    reference,
    settings: settings.map((result, n) => ({ value: row.settings[n].value, result })),
  });
  const head = documentHead(run, run);
  const done = results.reduce((sum, { seeds }) => sum + seeds.length, 0);
  return {
    ...head,
    verb: 'run',
    scenario: scenario.name,
    title: `${question.charAt(0).toUpperCase()}${question.slice(1)}`,
    summary: `${run.experiment.title}, ${head.summary}; ${row.meaning}`,
    configuration: { task: run.experiment.task, network: run.experiment.network, rule: run.rule, on: scenario.on, chips: chipNames },
    results: [],
    sweep: {
      axes: [{ name: row.axis, values: row.settings.map(({ value }) => value) }],
      settings: results,
      runs: { planned: done, done, failed: 0, missing: 0 },
      failed: [],
      missing: [],
      answer: { question, axis: row.axis, meaning: row.meaning, reference: reference.chip, tolerance, ...found },
    },
    wallSeconds: (performance.now() - started) / 1000,
  };
}

/** Names of chips stand for themselves where there is nothing to vary. */
export function rowOf({ name, axes }: Pick<QuestionScenario, 'name' | 'axes'>, chipNames: readonly string[]): Row {
  if (axes === undefined) {
    const settings = chipNames.map((chip) => ({ chip: chipNamed(chip), value: chip, values: { chip } }));
    return { axis: 'chip', noun: 'chips', meaning: `${chipNames.length} chips`, settings };
  }
  const [chip, ...others] = chipNames;
  const axis = axes[chip.split(':')[0]] as QuestionAxis | undefined;
  if (others.length > 0)
    throw new UserError({ code: 'E-CHIP', message: `${name} is asked of one chip, not of ${chipNames.length}`, got: chipNames.join(',') });
  if (axis === undefined) {
    const known = Object.keys(axes).join(', ');
    throw new UserError({
      code: 'E-CHIP',
      message: `${name} has nothing to vary on ${chip}; it can be asked of ${known}`,
      got: chip,
      expected: known,
    });
  }
  const { option, noun, meaning } = axis;
  return {
    axis: option,
    noun,
    meaning,
    settings: axis.values.map((number) => {
      const value = String(number);
      return { chip: chipNamed(withOption(chip, option, value)), value, values: { chip, [option]: value } };
    }),
  };
}
