/** `hillock devices`: plots of every preset, and devices made from measured pulses that run like any other. */
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEVICE_NAMES } from '../../chips/memristor-crossbar/device-presets.ts';
import { openBench } from './support.ts';

const bench = openBench();
test.after(bench.remove);

/** Pulses of a soft-bounds cell between 1 and 10 uS. */
function pulses(): string {
  const lines = ['polarity,conductance_uS', 'start,1'];
  let g = 1;
  for (const polarity of ['up', 'down', 'up', 'down']) {
    for (let n = 0; n < 40; n++) {
      g = polarity === 'up' ? g + (10 - g) * 0.06 : g - (g - 1) * 0.09;
      lines.push(`${polarity},${g}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

test('every preset can be plotted: sweeps in the terminal, retention where the source has it', async () => {
  for (const name of DEVICE_NAMES) {
    const { stdout, exitCode } = await bench.hillock(['devices', 'plot', name]);
    assert.is(exitCode, 0, name);
    assert.match(stdout, /pulses/);
    assert.ok(
      stdout.split('\n').every((line) => !line.includes(' |') || line.length <= 84),
      `${name}: a line is too long`,
    );
    assert.is(/seconds after programming/.test(stdout), name === 'pcm' || name === 'gst-pcm', name);
  }
});

test('plot --json gives the numbers, and --out a page that loads nothing', async () => {
  const { stdout } = await bench.hillock(['devices', 'plot', 'epiram', '--json', '--out', bench.path('epiram.html')]);
  const { curves } = JSON.parse(stdout);
  assert.ok(curves.up.typical.at(-1) > 0.95 * 12.3e-6 && curves.down.typical.at(-1) < 0.5e-6);
  assert.ok(curves.up.low.every((low: number, k: number) => low <= curves.up.high[k]));
  const page = readFileSync(bench.path('epiram.html'), 'utf8');
  assert.match(page, /<svg/);
  assert.not.match(page, /(src|href)="http|NaN|undefined/);
});

test('new: fits measured pulses, shows every law with its residuals, and writes a device that runs', async () => {
  const csv = bench.write('pulses.csv', pulses());
  const file = bench.path('my-cell.json');
  const { stdout, exitCode } = await bench.hillock(['devices', 'new', 'my-cell', '--from', csv, '--out', file]);
  assert.is(exitCode, 0, stdout);
  for (const part of [/^law/, /soft-bounds/, /saturating-exponential/, /exponential-step/, /AIC/, /highest bar/])
    assert.match(stdout, part);
  const device = JSON.parse(readFileSync(file, 'utf8'));
  assert.is(device.law, 'soft-bounds');
  assert.ok(Math.abs(Number(device.gMax.split(' ')[0]) / 10e-6 - 1) < 1e-6, device.gMax);
  const shown = await bench.hillock(['devices', 'plot', file]);
  assert.match(shown.stdout, /a pulse up is 0.667 times a pulse down/);
  const run = await bench.hillock([
    'run',
    'reward-choice',
    '--train',
    '20',
    '--chip',
    `memristor-crossbar:${file}`,
    '--json',
    '--quiet',
    '--threads',
    '1',
  ]);
  assert.is(run.exitCode, 0, run.said);
});

test('new: what is missing or wrong is said, and no file is left', async () => {
  const refused = async (...words: string[]): Promise<string> => {
    const { said, exitCode } = await bench.hillock(['devices', 'new', ...words]);
    assert.is(exitCode, 2, said);
    return said;
  };
  assert.match(await refused(), /new needs a name/);
  assert.match(await refused('a/b'), /is no name for a device/);
  assert.match(await refused('mine'), /new needs measured pulses: --from/);
  assert.match(await refused('mine', '--from', bench.path('none.csv')), /none.csv/);
  const gaps = bench.write('gaps.csv', 'polarity,conductance_uS\nup,1\nup,\nup,nan\n');
  assert.match(await refused('mine', '--from', gaps), /gaps.csv:3.*is missing[\s\S]*gaps.csv:4.*is nan/);
  const fine = bench.write('fine.csv', pulses());
  assert.match(await refused('mine', '--from', fine, '--base', 'epirom'), /unknown device "epirom"/);
  assert.not.ok(existsSync('mine.json'));
});

test('an unknown action or device, and a device file that is none, are refused in words', async () => {
  assert.match((await bench.hillock(['devices', 'plt'])).said, /"plt" is none of list, show, plot and new/);
  assert.match((await bench.hillock(['devices', 'plot'])).said, /plot needs a device/);
  assert.match((await bench.hillock(['devices', 'plot', 'epirom'])).said, /did you mean "epiram"/);
  assert.match((await bench.hillock(['devices', 'plot', bench.path('no.json')])).said, /there is no device file/);
  const broken = bench.write('broken.json', '{ "law": "soft-bounds", "gMin": "9 uS", "gMax": "1 uS" }');
  const { said, exitCode } = await bench.hillock(['run', 'digits', '--chip', `memristor-crossbar:${broken}`]);
  assert.is(exitCode, 2);
  assert.match(said, /device\.step|step is missing/);
});

test.run();
