/** `hillock devices`: the device presets of the memristor crossbar, each figure with its source. */
import { DEVICE_PRESETS } from '../chips/memristor-crossbar/device-presets.ts';
import type { Answer, Terminal } from './answer.ts';
import type { CatalogueOptions } from './catalogue.ts';
import { consult, outline } from './catalogue.ts';

export function devices(action: string, name: string | undefined, options: CatalogueOptions, terminal: Terminal): Answer {
  return consult(
    {
      verb: 'devices',
      noun: 'device',
      entries: DEVICE_PRESETS,
      row: ({ title, law }) => ({ title, law }),
      data: (device) => device,
      text: ({ name: device, title, law, logNormalStep, continuous, figures }) => {
        const numbers = Object.entries(figures).map(([figure, { value, lo, hi, source, confidence }]) => {
          const interval = lo === hi ? '' : ` [${lo}, ${hi}]`;
          return [figure, `${value}${interval}  ${confidence}: ${source}`];
        });
        return outline(`${device}  ${title}`, { law, logNormalStep, continuous, 'figures (SI units)': Object.fromEntries(numbers) });
      },
    },
    action,
    name,
    options,
    terminal,
  );
}
