/**
 * Energy and time in the units people compare chips by: joules per synaptic update, per synaptic event and per sample, what running, learning
 * and static power each took, and how long a tick takes on the chip. Documents of earlier editions lack some figures; these stay empty.
 */
import type { Joules } from '../../core/energy/estimate.ts';
import type { ResultDocument } from '../../experiments/result.ts';
import { formatDuration, formatEnergy, formatEnergyRange, formatNumber, NONE } from '../format.ts';
import type { DrawnChip } from '../panel.ts';
import { chipName, fileName, table } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

export function energyFigures(chips: readonly DrawnChip[]): string {
  const header = [
    'Chip',
    'Per update',
    'Per synaptic event',
    'Per sample',
    'Running',
    'Learning',
    'Static',
    'Time per tick',
    'Energy × delay',
  ];
  const rows = chips.map((chip) => {
    const { perUpdate, perSynapticEvent, perSample, parts } = chip.result.energy;
    const { timing } = chip.result;
    return [
      chipName(chip),
      ...[perUpdate, perSynapticEvent, perSample, parts?.running, parts?.learning, parts?.static].map(joules),
      timing === undefined
        ? NONE
        : withSmall(formatDuration(timing.perStep.value), `${formatNumber(timing.realTimeFactor)} × real time`) +
          small(`${formatDuration(timing.perStep.lo)} to ${formatDuration(timing.perStep.hi)}`),
      timing?.energyDelay == null ? NONE : escapeText(`${timing.energyDelay.value.toExponential(2)} J s`),
    ];
  });
  const note =
    'Per synaptic event: reading, routing and neurons over spikes delivered. Per sample: running and learning, static power apart. Time per tick: the mean of the run, on the chip.';
  return (
    element('h3', {}, 'Energy and time, in numbers') +
    table('Energy and time by chip', header, rows, [1, 2, 3, 4, 5, 6, 7, 8]) +
    element('p', { class: 'note' }, escapeText(note))
  );
}

const small = (text: string): string => element('small', {}, escapeText(text));
const withSmall = (text: string, below: string): string => escapeText(text) + small(below);

function joules(figure: Joules | null | undefined): string {
  if (figure == null || figure.value === 0) return NONE;
  return withSmall(formatEnergy(figure.value), formatEnergyRange(figure.lo, figure.hi));
}

/** The same numbers as a file, one row per chip. */
export function figuresFile(document: ResultDocument, chips: readonly DrawnChip[]) {
  return {
    name: fileName(document, 'energy-figures'),
    header: [
      'chip',
      'per_update_J',
      'per_synaptic_event_J',
      'per_sample_J',
      'running_J',
      'learning_J',
      'static_J',
      'per_tick_s',
      'per_tick_lo_s',
      'per_tick_hi_s',
      'real_time_factor',
      'energy_delay_J_s',
    ],
    rows: chips.map(({ result: { chip, energy, timing } }) => [
      chip,
      energy.perUpdate?.value,
      energy.perSynapticEvent?.value,
      energy.perSample?.value,
      energy.parts?.running.value,
      energy.parts?.learning.value,
      energy.parts?.static.value,
      timing?.perStep.value,
      timing?.perStep.lo,
      timing?.perStep.hi,
      timing?.realTimeFactor,
      timing?.energyDelay?.value,
    ]),
  };
}
