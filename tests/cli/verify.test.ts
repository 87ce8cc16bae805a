/** `hillock verify`, and the needs that `hillock rules show` prints. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verifyAnswer } from '../../cli/verify.ts';
import { EXIT } from '../../core/errors.ts';
import { verdict } from '../../experiments/verify/verdict.ts';
import { openBench } from './support.ts';

const bench = openBench();
test.after(bench.remove);

test('verify <rule> prints a row per check, what each figure is, and leaves with 0', async () => {
  const { stdout, exitCode } = await bench.hillock(['verify', 'ep']);
  assert.is(exitCode, 0);
  assert.match(stdout, /^ {4}rule +check +value +bar\n/);
  assert.match(stdout, /\nok {2}ep +gradient, centred +1 +at least 0.999\n/);
  assert.match(stdout, /\nok {2}ep +order, centred +2 +1.9 … 2.1\n/);
  assert.match(stdout, /\ngradient, centred: cosine of the update/);
  assert.not.match(stdout, /FAILED|NaN|undefined/);
});

test('verify --json is one document', async () => {
  const { stdout, exitCode, said } = await bench.hillock(['verify', 'pair-stdp', '--json']);
  assert.is(exitCode, 0);
  assert.is(said, '');
  const document = JSON.parse(stdout);
  assert.equal([document.tool, document.verb, document.ok, document.error], ['hillock', 'verify', true, undefined]);
  assert.equal(
    document.checks.map(({ name }: { name: string }) => name),
    ['locality', 'locality, kernel', 'traces', 'window'],
  );
  for (const check of document.checks) {
    assert.equal(Object.keys(check).sort(), ['bar', 'curves', 'name', 'passes', 'source', 'subject', 'value', 'what']);
    assert.is(check.passes, true);
  }
  const [{ lines }] = document.checks[3].curves;
  assert.equal(
    lines.map(({ label, style }: { label: string; style: string }) => [label, style]),
    [
      ['closed form', 'expected'],
      ['closed form', 'expected'],
      ['measured', 'points'],
    ],
  );
});

test('verify <rule> --out writes the report and nothing else; the curves are in the text as well', async () => {
  const folder = bench.path('proofs/dfa');
  const { stdout, exitCode, said } = await bench.hillock(['verify', 'dfa', '--out', folder]);
  assert.is(exitCode, 0, said);
  assert.equal(readdirSync(folder), ['report.html']);
  const { 1: begins, 2: ends } =
    /\nalignment: .*\n.*\n {2}layer 1 {2}([\d.]+) → .* → ([\d.]+) ° {2}\(training images 0 … 10000\)\n/.exec(stdout) ?? [];
  assert.ok(Math.abs(Number(begins) - 90) < 5 && Number(ends) < 60, stdout);
  assert.match(stdout, new RegExp(`\nreport  ${folder}/report.html\n$`));
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  assert.match(page, /^<!doctype html>/);
  assert.match(page, /All 9 checks hold/);
  assert.match(page, new RegExp(`hillock verify dfa --out ${folder}<`));
  for (const id of ['checks', 'alignment', 'probe']) assert.match(page, new RegExp(`<section id="${id}"`));
  assert.not.match(page, /NaN|undefined|<script/);
});

test('verify --out with --json names the report; without --out nothing is written', async () => {
  const folder = bench.path('proofs/json');
  const { stdout } = await bench.hillock(['verify', 'pair-stdp', '--json', '--out', folder]);
  assert.is(JSON.parse(stdout).report, join(folder, 'report.html'));
  assert.ok(existsSync(join(folder, 'report.html')));
  const before = readdirSync('.');
  assert.is(JSON.parse((await bench.hillock(['verify', 'pair-stdp', '--json'])).stdout).report, undefined);
  assert.equal(readdirSync('.'), before);
});

test('an empty --out and an unknown rule are said together, before anything is computed', async () => {
  const { stderr, stdout, exitCode } = await bench.hillock(['verify', 'pair-sdtp', '--out', '']);
  assert.is(exitCode, 2);
  assert.is(stdout, '');
  assert.match(stderr, /unknown rule "pair-sdtp" - did you mean "pair-stdp"\?/);
  assert.match(stderr, /--out is empty, but needs the path of a folder/);
});

test('a file where the folder of the report should be is refused', async () => {
  const file = bench.write('taken', 'x');
  const { stderr, exitCode } = await bench.hillock(['verify', 'pair-stdp', '--out', file]);
  assert.is(exitCode, 2);
  assert.match(stderr, /taken/);
  assert.is(readFileSync(file, 'utf8'), 'x');
});

test('the same command gives the same bytes', async () => {
  const once = await bench.hillock(['verify', 'r-stdp', '--json']);
  assert.is((await bench.hillock(['verify', 'r-stdp', '--json'])).stdout, once.stdout);
});

test('an unknown rule leaves with 2 and names the nearest', async () => {
  const { said, stdout, exitCode } = await bench.hillock(['verify', 'pair-sdtp']);
  assert.is(exitCode, 2);
  assert.is(stdout, '');
  assert.match(said, /unknown rule "pair-sdtp" - did you mean "pair-stdp"\?/);
  const inJson = await bench.hillock(['verify', 'no', '--json']);
  assert.is(inJson.exitCode, 2);
  assert.equal([JSON.parse(inJson.stdout).verb, JSON.parse(inJson.stdout).ok], ['verify', false]);
});

test('a check that fails leaves with 4, in words and in JSON', () => {
  const terminal = {
    write: () => {},
    isInteractive: false,
    columns: 80,
    colour: false,
    readStandardInput: async () => '',
    signal: new AbortController().signal,
  };
  const check = (name: string, value: number) =>
    verdict({ subject: 'mine', name, what: `what ${name} is`, source: 'a paper', value, bar: { atLeast: 0.999 } });
  const checks = [check('good', 1), check('bad', 0.5), check('none', Number.NaN)];
  const words = verifyAnswer(checks, { atLength: false }, {}, terminal);
  assert.is(words.exitCode, EXIT.assertionFailed);
  assert.is(words.exitCode, 4);
  assert.match(words.stdout, /FAILED {2}mine {2}bad +0.5 +at least 0.999/);
  assert.match(words.stdout, /bad: what bad is\n {2}a paper/);
  assert.not.match(words.stdout, /what good is/);
  const json = verifyAnswer(checks, { atLength: false }, { json: true }, terminal);
  assert.is(json.exitCode, 4);
  const document = JSON.parse(json.stdout);
  assert.equal([document.ok, document.error.code], [false, 'E-VERIFY']);
  assert.match(document.error.message, /mine, bad; mine, none/);
  assert.is(verifyAnswer(checks.slice(0, 1), { atLength: false }, {}, terminal).exitCode, 0);
});

test('rules show prints what each chip makes of a rule', async () => {
  const { stdout, exitCode } = await bench.hillock(['rules', 'show', 'r-stdp']);
  assert.is(exitCode, 0);
  assert.match(stdout, /third factor per post neuron {2}reward/);
  assert.match(stdout, /onModulator +reads w, reward \(post\), e and writes w; 1 add; 2 mul/);
  for (const chip of ['ideal', 'loihi-like', 'memristor-crossbar']) assert.match(stdout, new RegExp(`on ${chip}\n +verdict +runs`));
  assert.match(stdout, /J per update \[/);
  assert.not.match(stdout, /undefined|NaN/);
});

test('rules show --json keeps the rule as a file would write it, with its needs beside it', async () => {
  const { stdout } = await bench.hillock(['rules', 'show', 'r-stdp', '--json']);
  const { rule, needs } = JSON.parse(stdout);
  assert.is(rule.needs, undefined);
  assert.equal(needs.thirdFactors, ['reward']);
  const file = bench.write('mine.json', JSON.stringify(rule));
  const check = await bench.hillock(['check', 'digits', '--rule', file, '--chip', 'ideal']);
  assert.is(check.exitCode, 0, check.said);
});

test.run();
