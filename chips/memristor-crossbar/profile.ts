/** The crossbar's profile: every number with its source, the energy table, and what the model leaves out. */
import type { ChipProfile } from '../../core/chip-contract.ts';
import { figureOf, figureRow, figuresOf } from './device-figures.ts';
import { LAWS } from './device-models.ts';
import { crossbarEnergyTable } from './energy-table.ts';
import type { Settings } from './options.ts';
import { RETENTION_MODELS } from './retention/retention-models.ts';

export function crossbarProfile(settings: Settings): ChipProfile {
  const { nominalDevice, device, ...rest } = settings;
  return {
    name: 'memristor-crossbar',
    title: `Memristor crossbar (${nominalDevice.title})`,
    summary: 'signed weights as pairs of conductances, moved by programming pulses that answer as the device does',
    energy: crossbarEnergyTable(settings),
    caveats: caveats(settings),
    ...(figureOf(nominalDevice, 'endurance') > 0 && { endurance: nominalDevice.figures.endurance }),
    parameters: {
      device: nominalDevice.name,
      law: { name: device.law, citation: LAWS[device.law].citation, valid: LAWS[device.law].valid, onePulse: LAWS[device.law].onePulse },
      figures: figuresOf(device.law).flatMap((name) => {
        const figure = device.figures[name];
        return figure === undefined ? [] : [{ name, ...figure, meaning: figureRow(name).meaning }];
      }),
      ...rest,
    },
  };
}

function caveats(settings: Settings): string[] {
  const { device, mapping, periphery, writePolicy } = settings;
  return [
    'Wires have no resistance, cells are linear resistors, and every cell has an access transistor: no IR drop, no sneak paths, no half-select disturb.',
    timeCaveat(settings),
    'Initial weights are programmed exactly (up to programmingStd) and clipped to what each cell can hold; their pulses are not counted.',
    'Pulses are chosen open loop from the nominal step; nothing is verified by reading back.',
    ...(writePolicy === 'accumulate' && !device.continuous
      ? ['The register that keeps changes smaller than a pulse is in double precision; six bits below a pulse are known to be enough.']
      : []),
    ...(mapping === 'reference' ? ['Reading the shared reference column costs nothing here.'] : []),
    ...(periphery === 'adc' ? ['Every arriving spike is converted by itself; spikes of one tick could share a conversion.'] : []),
    'Neurons, traces and the evaluation of rules are digital or analog circuits of floating-point precision.',
  ];
}

function timeCaveat({ device, retention }: Settings): string {
  if (retention !== undefined) {
    const { title, valid } = RETENTION_MODELS[retention.name];
    return `Conductances change with time as measured for ${title} (valid: ${valid}); the slow noise is simplified, and reading does not disturb.`;
  }
  if (figureOf(device, 'decayTime') > 0) return 'Conductances fall back to gMin with one time constant; reading does not disturb.';
  return 'Conductances keep their value: no drift, no relaxation, and reading does not disturb.';
}
