/** `hillock devices new`: a device from measured pulses. The laws are shown with their residuals, best first; the best is written as a file. */
import type { DeviceFit } from '../chips/memristor-crossbar/fit-device.ts';
import { fitDevice } from '../chips/memristor-crossbar/fit-device.ts';
import { memristorDevice } from '../chips/memristor-crossbar/read-device.ts';
import { UserError } from '../core/errors.ts';
import { writeWhole } from '../experiments/run-store.ts';
import { readPulseCsv } from '../formats/pulse-csv.ts';
import type { Answer } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { readText } from './load-experiment.ts';
import { textTable } from './table.ts';

export interface NewOptions {
  readonly json?: boolean;
  readonly from?: string;
  readonly base?: string;
  readonly out?: string;
}

export function newDevice(name: string | undefined, options: NewOptions): Answer {
  const { from, base = 'soft-bounds', out } = options;
  if (name === undefined || !/^\w[\w.-]*$/.test(name)) {
    const message =
      name === undefined ? 'new needs a name for the device' : `"${name}" is no name for a device: letters, digits, "-", "_" and "." only`;
    throw new UserError({ code: 'E-USAGE', message, hint: 'hillock devices new my-cell --from pulses.csv' });
  }
  if (from === undefined) {
    throw new UserError({
      code: 'E-USAGE',
      message: 'new needs measured pulses: --from <file.csv>',
      hint: 'one line per pulse; the first line names the columns: polarity (up, down, start) and conductance_uS',
    });
  }
  const fits = fitDevice(readPulseCsv(readText(from, 'file of pulses'), from), { name, base });
  const [best] = fits;
  // what does not hold together as a device is said now, not at the first run
  memristorDevice(best.device);
  const file = out ?? `${name}.json`;
  writeWhole(file, `${JSON.stringify(best.device, null, 2)}\n`);
  if (options.json === true) return answer(jsonText('devices', true, { device: best.device, file, fits }));
  const rows = fits.map(({ law, rms, worst, fitted, aic, device }) => [
    law,
    `${(100 * rms).toPrecision(3)} %`,
    `${(100 * worst).toPrecision(3)} %`,
    `${(100 * Number(device.rangeStd)).toPrecision(3)} %`,
    String(fitted),
    aic.toFixed(1),
    `+${(aic - best.aic).toFixed(1)}`,
  ]);
  const table = textTable(['law', 'residual (rms)', 'worst', 'cycle noise', 'numbers', 'AIC', 'to the best'], rows);
  return answer(
    `${table}\nresiduals of ${best.law}, pulse by pulse (${fits[0].residuals.length}), each column a share of the range\n${residualText(best)}\n${file}\nuse it: --chip memristor-crossbar:${file}\n`,
  );
}

const COLUMNS = 64;
const BARS = '▁▂▃▄▅▆▇█';

/** Size of the residuals along the measurement, as bars up to the largest. */
function residualText({ residuals, worst }: DeviceFit): string {
  const largest = Math.max(...residuals.map(Math.abs));
  const columns = Math.min(COLUMNS, residuals.length);
  const bars = Array.from({ length: columns }, (_, c) => {
    const part = residuals.slice(
      Math.floor((c * residuals.length) / columns),
      Math.max(Math.floor(((c + 1) * residuals.length) / columns), 1),
    );
    const size = Math.max(0, ...part.map(Math.abs));
    return BARS[largest === 0 ? 0 : Math.min(BARS.length - 1, Math.floor((size / largest) * BARS.length))];
  });
  return `${bars.join('')}  highest bar ${(100 * worst).toPrecision(3)} %\n`;
}
