/** The panel of a sweep: a line where numbers vary, a row each where names do, the table, and the sentence at the top of the report. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResultDocument, SettingResult, SweepResult } from '../../experiments/result.ts';
import { answerOf } from '../../experiments/sweep/answer.ts';
import { csvText } from '../../report/csv.ts';
import { sweepPanel, sweepVerdict } from '../../report/panels/sweep.ts';
import { renderReport } from '../../report/render-report.ts';
import { fullDocument, statistic } from './fixture.ts';

function setting(values: SettingResult['values'], perSeed: readonly number[] | null): SettingResult {
  return {
    chip: values.chip,
    rule: 'r-stdp',
    values,
    seeds: (perSeed ?? []).map((_, seed) => seed),
    accuracy: perSeed && statistic(perSeed),
    energyPerUpdate: { value: 2e-12, lo: 1e-12, hi: 3e-12, unit: 'J' },
    energySpread: statistic([2e-12, 2e-12]),
    energyIsLowerBound: values.chip === 'loihi-like',
    synapticUpdates: 100,
    stateHash: 'abc',
  };
}

function swept(parts: Partial<SweepResult> & Pick<SweepResult, 'axes' | 'settings'>): ResultDocument {
  const runs = { planned: 2 * parts.settings.length, done: 2 * parts.settings.length, failed: 0, missing: 0 };
  return { ...fullDocument(1), verb: 'sweep', results: [], sweep: { runs, failed: [], missing: [], ...parts } };
}

const bits = (value: string, perSeed: readonly number[] | null): SettingResult => setting({ chip: 'loihi-like', bits: value }, perSeed);
const ROW = swept({
  axes: [{ name: 'bits', values: ['2', '4', '8'] }],
  settings: [setting({ chip: 'ideal' }, [0.8, 0.82]), bits('2', [0.2, 0.3]), bits('4', null), bits('8', [0.79, 0.82])],
});

test('numbers make a line through the means; a setting without a score breaks it, and one without a value is not on it', () => {
  const { body, files } = sweepPanel(ROW) ?? { body: '', files: [] };
  const [, wide] = body.split('only-wide');
  const [, path] = /<path d="([^"]*)" class="curve"/.exec(wide) ?? [];
  assert.is(path.split('M').length - 1, 2);
  assert.is([...wide.matchAll(/<circle [^>]*class="solid"/g)].length, 2);
  assert.match(body, /> 2 pJ|&gt; 2 pJ/);
  const [, first, second] = csvText(files[0]).split('\r\n');
  assert.match(first, /^ideal,r-stdp,,2,0\.81,/);
  assert.match(second, /^loihi-like,r-stdp,2,2,0\.25,.*,yes,100,abc$/);
});

test('two rules are two lines with a legend', () => {
  const rules = ['a', 'b'].flatMap((rule) => ['2', '4'].map((value) => setting({ rule, chip: 'loihi-like', bits: value }, [0.5, 0.6])));
  const { body } = sweepPanel(
    swept({
      axes: [
        { name: 'rule', values: ['a', 'b'] },
        { name: 'bits', values: ['2', '4'] },
      ],
      settings: rules,
    }),
  ) ?? { body: '' };
  assert.is([...body.split('only-wide')[1].matchAll(/class="curve"/g)].length, 2);
  assert.match(body, /class="legend">.*a, loihi-like.*b, loihi-like/);
});

test('an answer has its yardstick, and its words are the verdict', () => {
  const [reference, ...settings] = ROW.sweep?.settings ?? [];
  const asked = settings.map((result) => ({ value: result.values.bits, result }));
  const found = answerOf({ wanted: 'least', tolerance: 0.02, noun: 'bits', reference, settings: asked });
  const answer = { question: 'how many?', axis: 'bits', meaning: 'bits of a weight', reference: 'ideal', tolerance: 0.02, ...found };
  const document = swept({ axes: ROW.sweep?.axes ?? [], settings: [reference, ...settings], answer });
  const html = renderReport(document);
  assert.match(html, /class="outline"/);
  assert.match(html, /<p class="lead">No answer: /);
  assert.match(html, /cannot tell|not good enough/);
});

test('names make a row each, best first, and what is not done is said', () => {
  const names = {
    axes: [{ name: 'chip', values: ['a', 'b'] }],
    settings: [setting({ chip: 'a' }, [0.5, 0.6]), setting({ chip: 'b<' }, [0.8, 0.9])],
  };
  const { body } = sweepPanel(swept(names)) ?? { body: '' };
  const labels = [...body.split('only-wide')[1].matchAll(/class="label">([^<]*)</g)].map((match) => match[1]);
  assert.equal(labels, ['b&lt;', 'a']);
  assert.equal(sweepVerdict({ runs: { planned: 4, done: 2, failed: 1, missing: 1 }, failed: [], missing: [], ...names }), [
    'Of 2 settings the highest mean is that of b<: 85.0 % (21.5 to 148.5 %).',
    '2 of 4 runs are done; 1 failed and 1 are missing.',
  ]);
});

test('a document without a sweep has no such panel', () => {
  assert.is(sweepPanel(fullDocument(1)), null);
});

test.run();
