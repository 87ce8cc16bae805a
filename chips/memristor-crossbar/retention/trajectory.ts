/**
 * Programmed cells and their trajectories: each cell draws its numbers once, when it is programmed, and from then on its conductance is a function of
 * time, however often and in whatever order it is read.
 *
 *   drift        one exponent per cell
 *   relaxation   shift + z·spread(t), one z per cell
 *   noise        y(t)·(standard deviation at t): y runs through independent normal numbers at t + t0 = t0, 1e4·t0, 1e8·t0, along straight lines in the
 *                logarithm of time, divided by their length so that its variance is 1 at every time. The slow part of 1/f noise; what changes from
 *                read to read is the read noise of the array.
 */
import { log } from '../../../core/program/elementary.ts';
import { normalAt, streamOf } from '../../../core/random.ts';
import type { Retention } from './retention-model.ts';

/** Factor in t + t0 from one node of the slow noise to the next. */
export const NODE_FACTOR = 1e4;
export const NODES = 3;

const SITE = { programming: 0, drift: 1, relaxation: 2, firstNode: 3 } as const;

export interface ProgrammedCells {
  /** [cells] siemens, a time after programming. */
  at(seconds: number): Float64Array;
}

/** @param target siemens, for all cells */
export function programCells(retention: Retention, target: number, cells: number, seed: number): ProgrammedCells {
  const stream = streamOf(`retention/${retention.model.name}`);
  const { model } = retention;
  const draw = (cell: number, site: number): number => normalAt(seed, stream, cell, 0, site);
  const floor = model.gMin ?? 0;
  const std = retention.programmingStd(target);
  // a relaxation that is told around the target holds the error of programming already
  const isAroundTarget = model.relaxation !== undefined && model.noiseStd === undefined;
  const programmed = Float64Array.from({ length: cells }, (_, k) => Math.max(floor, target + std * draw(k, SITE.programming)));
  const exponents = programmed.map((_, k) => Math.abs(retention.driftMean(target) + retention.driftStd(target) * draw(k, SITE.drift)));
  return {
    at(seconds) {
      return programmed.map((begun, k) => {
        const around = isAroundTarget ? target : begun;
        const z = isAroundTarget ? draw(k, SITE.programming) : draw(k, SITE.relaxation);
        const moved =
          around * retention.driftFactor(exponents[k], seconds) +
          retention.shift(around, seconds) +
          retention.relaxationStd(around, seconds) * z;
        const y = slowNoise((node) => draw(k, SITE.firstNode + node), seconds, model.t0);
        const noise = moved * retention.noise(begun, seconds) + retention.noiseStd(Math.max(moved, floor), seconds);
        return Math.max(floor, moved + noise * y);
      });
    },
  };
}

/** The slow noise at a time, of variance 1. @param z standard normal number of a node */
export function slowNoise(z: (node: number) => number, seconds: number, t0: number): number {
  const at = Math.min(NODES - 1, log((seconds + t0) / t0) / log(NODE_FACTOR));
  const node = Math.min(NODES - 2, Math.floor(at));
  const part = at - node;
  return ((1 - part) * z(node) + part * z(node + 1)) / Math.sqrt((1 - part) ** 2 + part ** 2);
}
