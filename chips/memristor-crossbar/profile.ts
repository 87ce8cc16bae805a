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
    ...lineCaveats(settings),
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

/** What is and what is not modelled of the lines and of what stands at a crossing. */
function lineCaveats({ wires, access, accessOhm, refreshWrites, refreshTicks, slices }: Settings): string[] {
  const network = wires === 'network' ? 'both lines' : 'output lines';
  const found = ['Cells are linear resistors; silent lines are held at ground, so reads have no sneak paths.'];
  if (wires === 'none') found.push('Wires have no resistance.');
  else if (access === '1T1R') {
    found.push(
      `Resistance of ${network}: every spike has a read pulse of its own, so that its cell, transistor and path are one series circuit.`,
    );
  } else {
    found.push(
      `Resistance of ${network} by the transfer matrix of each tile; between two refreshes (${refreshWrites} changed weights, looked at every ${refreshTicks} ticks) each cell keeps the share of its current.`,
      'The heat of a read is that of ideal lines, which is more than what resistive lines draw.',
    );
  }
  if (slices > 1)
    found.push(
      `Weights that do not learn lie on ${slices} pairs of cells; a weight that learns stays on one, since carries are not built.`,
    );
  if (access === '1T1R') found.push('Every cell has an access transistor: no half-select.');
  else found.push('Half-selected cells are moved in batches, when the lines are refreshed.');
  if (accessOhm > 0)
    found.push('The write engine does not know that the same pulse moves the read current less where the transistor limits it.');
  return found;
}

function timeCaveat({ device, retention }: Settings): string {
  if (retention !== undefined) {
    const { title, valid } = RETENTION_MODELS[retention.name];
    return `Conductances change with time as measured for ${title} (valid: ${valid}); the slow noise is simplified, and reading does not disturb.`;
  }
  if (figureOf(device, 'decayTime') > 0) return 'Conductances fall back to gMin with one time constant; reading does not disturb.';
  return 'Conductances keep their value: no drift, no relaxation, and reading does not disturb.';
}
