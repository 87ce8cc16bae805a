/** `hillock devices`: the device presets of the memristor crossbar, each figure with its source; how they answer pulses; new ones from measurements. */
import { DEVICE_PRESETS } from '../chips/memristor-crossbar/device-presets.ts';
import { UserError } from '../core/errors.ts';
import { deviceNamed } from '../experiments/chips.ts';
import type { Answer, Terminal } from './answer.ts';
import type { CatalogueOptions } from './catalogue.ts';
import { consult, outline } from './catalogue.ts';
import type { NewOptions } from './device-new.ts';
import { newDevice } from './device-new.ts';
import type { PlotOptions } from './device-plot.ts';
import { plotDevice } from './device-plot.ts';

export type DevicesOptions = CatalogueOptions & PlotOptions & NewOptions;

export function devices(action: string, name: string | undefined, options: DevicesOptions, terminal: Terminal): Answer {
  if (action === 'new') return newDevice(name, options);
  if (action === 'plot') {
    if (name === undefined) {
      throw new UserError({ code: 'E-USAGE', message: `plot needs a device (${Object.keys(DEVICE_PRESETS).join(', ')}) or a device file` });
    }
    return plotDevice(deviceNamed(name), options, terminal);
  }
  if (action !== 'list' && action !== 'show') {
    const message = `"${[action, name].filter(Boolean).join(' ')}" is none of list, show, plot and new`;
    throw new UserError({ code: 'E-USAGE', message, hint: 'try: hillock devices list, or hillock devices plot <name>' });
  }
  return consult(
    {
      verb: 'devices',
      noun: 'device',
      entries: DEVICE_PRESETS,
      row: ({ title, law }) => ({ title, law }),
      data: (device) => device,
      text: ({ name: device, title, law, logNormalStep, continuous, retention, figures }) => {
        const numbers = Object.entries(figures).map(([figure, { value, lo, hi, source, confidence }]) => {
          const interval = lo === hi ? '' : ` [${lo}, ${hi}]`;
          return [figure, `${value}${interval}  ${confidence}: ${source}`];
        });
        return outline(`${device}  ${title}`, {
          law,
          logNormalStep,
          continuous,
          retention,
          'figures (SI units)': Object.fromEntries(numbers),
        });
      },
    },
    action,
    name,
    options,
    terminal,
  );
}
