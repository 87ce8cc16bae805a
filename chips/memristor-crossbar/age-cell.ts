/**
 * Time in the loop: what a cell has become since it was written, as text of the small language. Nothing is done while time passes: a read computes
 * what there is now from the tick of the last write, so a silent synapse costs nothing, and reading changes nothing.
 *
 *   base   what the next pulse starts from: the written conductance after drift (power law) or decay (exponential)
 *   seen   what a read finds: the base with relaxation and slow noise on top, which belong to the cell and are a function of time
 *
 * A write sets the clock of its cells back and gives them the drift exponent and the noise of their new conductance; the normal numbers behind both
 * are the cell's own, drawn with it. With u normalised (0 at gMin), g is proportional to u + zero.
 */
import type { LoweredVariable } from '../../core/chip-contract.ts';
import { log } from '../../core/program/elementary.ts';
import { normalAt } from '../../core/random.ts';
import { figureOf } from './device-figures.ts';
import type { Side } from './draw-cells.ts';
import { streamOfCells } from './draw-cells.ts';
import { literal } from './move-cell.ts';
import type { Settings } from './options.ts';
import type { RetentionModel } from './retention/retention-model.ts';
import { retentionOf } from './retention/retention-model.ts';
import { RETENTION_MODELS } from './retention/retention-models.ts';
import { NODE_FACTOR, NODES } from './retention/trajectory.ts';

/** Sites of a cell's own normal numbers in its stream, after those of `draw-cells.ts`. */
const SITE = { drift: 32, relaxation: 33, firstNode: 34 } as const;

export interface Ageing {
  /** Names and start values of what is kept per cell of a side. @param u [nCells] normalised conductances at the start */
  variables(side: Side, u: Float64Array): LoweredVariable[];
  /** Lines that declare `base` and `seen` of a side at the present tick. `tag` keeps them apart from those of other places in one program. */
  lines(side: Side, tag: string): string[];
  /** Lines that start the clock of the cells for which `driven` holds; `state` has its new value already. */
  restart(side: Side, driven: string): string[];
}

export const baseName = (side: Side, tag: string): string => `aged${capital(side)}${tag}`;
export const seenName = (side: Side, tag: string): string => `seen${capital(side)}${tag}`;
const stateName = (side: Side): string => `g${capital(side)}`;
const capital = (side: Side): string => (side === 'plus' ? 'Plus' : 'Minus');

/** Undefined where time changes nothing: programs then hold no trace of it. */
export function ageingOf(settings: Settings, dt: number, seed: number, projection: string): Ageing | undefined {
  const { device, retention, deviceSet } = settings;
  const model = retention === undefined ? undefined : RETENTION_MODELS[retention.name];
  const decay = figureOf(device, 'decayTime');
  if (model === undefined && decay === 0) return undefined;
  const [gMin, gMax] = [figureOf(device, 'gMin'), figureOf(device, 'gMax')];
  const zero = gMin / (gMax - gMin);
  const strength = retention?.strength ?? 1;
  const has = parts(model, strength);

  const formulas = (side: Side) => {
    const x = `max((${stateName(side)} + ${zero}) / ${1 + zero}, 1e-7)`;
    const put = (text: string): string =>
      `(${text.replace(/\bx\b/g, x).replace(/\bg\b/g, `(${(gMax * 1e6) / (1 + zero)} * (${stateName(side)} + ${zero}))`)})`;
    return {
      exponent: () => `abs(${put(model?.drift?.mean ?? '0')} + ${strength} * ${put(model?.drift?.std ?? '0')} * ${side}NuZ)`,
      factor: () => `${strength} * ${put(model?.noise ?? '0')}`,
      put,
    };
  };

  return {
    variables(side, u) {
      const stream = streamOfCells(projection, side);
      const normals = (site: number): Float64Array => u.map((_, k) => normalAt(seed, stream, k, deviceSet, site));
      const variable = (name: string, initial: number | Float64Array, isTick = false): LoweredVariable => ({
        name: `${side}${name}`,
        storage: 'f64',
        initial,
        scale: 1,
        ...(isTick && { isTick }),
      });
      const list = [variable('At', 0, true)];
      if (model === undefined) return list;
      const formula = retentionOf({ ...model, gMax });
      const siemens = u.map((one) => gMin + one * (gMax - gMin));
      if (has.drift) {
        const z = normals(SITE.drift);
        const nu = siemens.map((g, k) => Math.abs(formula.driftMean(g) + strength * formula.driftStd(g) * z[k]));
        list.push(variable('Nu', nu), variable('NuZ', z));
      }
      if (has.relaxation) list.push(variable('Z', normals(SITE.relaxation)));
      if (has.noise) {
        list.push(
          variable(
            'Q',
            siemens.map((g) => strength * formula.noiseFactor(g)),
          ),
        );
        for (let node = 0; node < NODES; node++) list.push(variable(`Y${node}`, normals(SITE.firstNode + node)));
      }
      return list;
    },

    lines(side, tag) {
      const [state, base, seen] = [stateName(side), baseName(side, tag), seenName(side, tag)];
      const name = (part: string): string => `${part}${capital(side)}${tag}`;
      const age = `(tick - ${side}At) * ${dt}`;
      if (model === undefined) return [`let ${base} = ${state} * exp((${side}At - tick) * ${dt / decay})`, `let ${seen} = ${base}`];
      const lines: string[] = [];
      const grown = name('grown');
      if (has.drift || has.noise) lines.push(`let ${grown} = log(1 + ${age} / ${model.t0})`);
      lines.push(`let ${base} = ${has.drift ? `(${state} + ${zero}) * exp(0 - ${side}Nu * ${grown}) - ${literal(zero)}` : state}`);
      let found = base;
      if (has.relaxation) {
        const { from } = model.relaxation ?? { from: 1 };
        const scale = (1e-6 * gMax) / model.gMax / (gMax - gMin);
        const put = (text: string): string => formulas(side).put(text.replace(/\bt\b/g, name('past')));
        lines.push(
          `let ${name('past')} = max(${age}, ${from})`,
          `let ${name('moved')} = ${base} + ${scale} * (${put(model.relaxation?.shift ?? '0')} * ${strength} + ${strength} * ${put(model.relaxation?.std ?? '0')} * ${side}Z)`,
        );
        found = name('moved');
      }
      if (has.noise) {
        const at = name('node');
        const hats = Array.from({ length: NODES }, (_, n) => `max(0, 1 - abs(${at} - ${n}))`);
        lines.push(
          `let ${at} = min(${NODES - 1}, ${grown} * ${1 / log(NODE_FACTOR)})`,
          ...hats.map((hat, n) => `let ${name(`hat${n}`)} = ${hat}`),
          `let ${name('slow')} = (${hats.map((_, n) => `${name(`hat${n}`)} * ${side}Y${n}`).join(' + ')}) / sqrt(${hats.map((_, n) => `${name(`hat${n}`)} ^ 2`).join(' + ')})`,
          `let ${seen} = max(0, (${found} + ${zero}) * (1 + ${side}Q * sqrt(max(0, ${grown} + ${log(model.t0 / (2 * model.tRead))})) * ${name('slow')})) - ${literal(zero)}`,
        );
      } else lines.push(`let ${seen} = max(${literal(-zero)}, ${found})`);
      return lines;
    },

    restart(side, driven) {
      const { exponent, factor } = formulas(side);
      return [
        ...(has.drift ? [`${side}Nu = if(${driven}, ${exponent()}, ${side}Nu)`] : []),
        ...(has.noise ? [`${side}Q = if(${driven}, ${factor()}, ${side}Q)`] : []),
        `${side}At = if(${driven}, tick, ${side}At)`,
      ];
    },
  };
}

const parts = (model: RetentionModel | undefined, strength: number) => ({
  drift: model?.drift !== undefined,
  noise: model?.noise !== undefined && strength > 0,
  relaxation: model?.relaxation !== undefined && strength > 0,
});
