/**
 * What a kind of cell looks like: conductance against pulses up from the lower bound and down from the upper one, over cells of the kind, and against time
 * after programming. What `devices plot` and the report draw.
 */
import type { DeviceCurve, DeviceCurves } from '../../core/chip-contract.ts';
import type { Device } from './device-figures.ts';
import { figureOf } from './device-figures.ts';
import { nominalStep } from './device-models.ts';
import { cellBench } from './one-cell.ts';
import { retentionOf } from './retention/retention-model.ts';
import type { RetentionName } from './retention/retention-models.ts';
import { RETENTION_MODELS } from './retention/retention-models.ts';
import { programCells } from './retention/trajectory.ts';

const CELLS = 40;
const POINTS = 32;
/** Longest sweep, in pulses; beyond it a cell is shown as far as it comes. */
const MOST_PULSES = 3000;
/** A sweep is as long as pulses of nominal size would take to cross the range, and this much more: steps shrink on the way. */
const LONGER = 1.5;
const SECONDS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7];

/** @param retention model that the chip uses in place of the device's own */
export function deviceCurves(device: Device, retention: RetentionName | undefined = device.retention): DeviceCurves {
  const of = (figure: Parameters<typeof figureOf>[1]): number => figureOf(device, figure);
  const steps = nominalStep(device.law, of);
  const sweep = (polarity: 1 | -1): DeviceCurve => {
    const size = polarity > 0 ? steps.up : steps.down;
    const total = Math.min(MOST_PULSES, Math.max(POINTS, Math.ceil(LONGER / Math.max(size, 1e-9))));
    const each = Math.max(1, Math.round(total / POINTS));
    const start = of(polarity > 0 ? 'gMin' : 'gMax');
    const [typical, cells] = [cellBench(device, { start }), cellBench(device, { start, cells: CELLS, seed: 1 })];
    const curve = emptyCurve();
    add(curve, 0, typical.conductances()[0], cells.conductances());
    for (let n = each; n <= total; n += each) {
      typical.pulse(polarity * each);
      cells.pulse(polarity * each);
      add(curve, n, typical.conductances()[0], cells.conductances());
    }
    return curve;
  };
  const [up, down] = [sweep(1), sweep(-1)];
  const curves = { up, down, asymmetry: asymmetry(device) };
  if (retention === undefined) return curves;
  const kept = emptyCurve();
  // half of the range, where there is room to fall and to spread
  const target = (of('gMin') + of('gMax')) / 2;
  const cells = programCells(retentionOf(RETENTION_MODELS[retention], { gMax: of('gMax') }), target, 10 * CELLS, 1);
  for (const seconds of SECONDS) {
    const values = cells.at(seconds);
    add(kept, seconds, quantile(values, 0.5), values);
  }
  return { ...curves, retention: { ...kept, model: retention } };
}

/** Up step over down step in the middle of the range, of the mean cell: 1 for a symmetric one. */
function asymmetry(device: Device): number {
  const middle = (figureOf(device, 'gMin') + figureOf(device, 'gMax')) / 2;
  const [up, down] = [1, -1].map((polarity) => {
    const bench = cellBench(device, { start: middle });
    bench.pulse(polarity);
    return Math.abs(bench.conductances()[0] - middle);
  });
  return down === 0 ? Number.POSITIVE_INFINITY : up / down;
}

const emptyCurve = () => ({ at: [] as number[], typical: [] as number[], low: [] as number[], high: [] as number[] });

function add(curve: ReturnType<typeof emptyCurve>, at: number, typical: number, cells: Float64Array): void {
  curve.at.push(at);
  curve.typical.push(typical);
  curve.low.push(quantile(cells, 0.05));
  curve.high.push(quantile(cells, 0.95));
}

const quantile = (values: Float64Array, share: number): number => values.toSorted()[Math.round(share * (values.length - 1))];
