/** `hillock devices plot`: how a kind of cell answers pulses and time, in the terminal, and with --out as a page. */
import { deviceCurves } from '../chips/memristor-crossbar/device-curves.ts';
import type { Device } from '../chips/memristor-crossbar/device-figures.ts';
import { formatSi } from '../core/units.ts';
import { writeWhole } from '../experiments/run-store.ts';
import { VERSION } from '../experiments/version.ts';
import { page } from '../report/page.ts';
import { drawDevice } from '../report/panels/devices.ts';
import { element, escapeText } from '../report/svg.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { curveText } from './curve-text.ts';

export interface PlotOptions {
  readonly json?: boolean;
  readonly out?: string;
}

export function plotDevice(device: Device, options: PlotOptions, terminal: Terminal): Answer {
  const curves = deviceCurves(device);
  if (options.out !== undefined) {
    const heading = `${device.name}: ${device.title}`;
    const body = element(
      'section',
      { id: 'device' },
      element('h2', {}, escapeText(heading)),
      element('figure', {}, drawDevice(curves, 'chip-0', 'device')),
    );
    const note = 'Lines are the mean cell, bands hold nine cells of ten; rising: pulses up, falling: pulses down.';
    writeWhole(
      options.out,
      page({
        title: heading,
        header: element('header', {}, element('h1', {}, escapeText(heading)), element('p', {}, escapeText(note))),
        contents: [{ id: 'device', heading: 'Device' }],
        body,
        footer: `hillock ${VERSION}`,
      }),
    );
  }
  if (options.json === true)
    return answer(jsonText('devices', true, { device: device.name, curves, ...(options.out && { page: options.out }) }));
  const { up, down, asymmetry, retention } = curves;
  const parts = [
    `${device.name}  ${device.title}\n\n`,
    'conductance against pulses: up from the lower bound (+), down from the upper bound (o); dots hold nine cells of ten\n\n',
    curveText(
      [
        { curve: up, mark: '+' },
        { curve: down, mark: 'o' },
      ],
      { columns: terminal.columns, logarithmic: false, x: 'pulses' },
    ),
    `\nin the middle of the range a pulse up is ${Number(asymmetry.toPrecision(3))} times a pulse down\n`,
  ];
  if (retention !== undefined) {
    const [begun, ended] = [retention.typical[0], retention.typical[retention.typical.length - 1]];
    parts.push(
      `\nconductance against seconds after programming to the middle of the range (model ${retention.model})\n\n`,
      curveText([{ curve: retention, mark: '*' }], { columns: terminal.columns, logarithmic: true, x: 'seconds' }),
      `\nfrom ${formatSi(begun, 'S')} to ${formatSi(ended, 'S')} in ${retention.at[retention.at.length - 1]} s\n`,
    );
  }
  if (options.out !== undefined) parts.push(`\npage  ${options.out}\n`);
  return answer(parts.join(''));
}
