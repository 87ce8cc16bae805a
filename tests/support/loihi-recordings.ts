/** Recordings of Lava and nengo-loihi, and rules in Lava's parameters lowered to the chip's programs, for the tests that compare the two. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { chipRule, lowerChipRule } from '../../chips/loihi-like/lower-rule.ts';
import type { LoihiOptions } from '../../chips/loihi-like/switches.ts';
import { readSettings } from '../../chips/loihi-like/switches.ts';
import { lowerChipTrace } from '../../chips/loihi-like/traces.ts';
import type { SignMode } from '../../chips/loihi-like/weights.ts';
import type { Network } from '../../core/network/network.ts';
import type { PlasticityRule, TraceSpec } from '../../core/plasticity/rule.ts';
import type { lavaLearning } from './lava-order.ts';
import { sharedPath, skipWithoutShared } from './skip-without.ts';

export const FOLDER = 'golden/loihi';

// biome-ignore lint/suspicious/noExplicitAny: recordings are JSON of many shapes
export type Recording = any;

export const load = (path: string): Recording => JSON.parse(readFileSync(path, 'utf8'));

function filesIn(folder: string): string[] {
  try {
    return readdirSync(sharedPath(join(FOLDER, folder))).map((file) => join(folder, file));
  } catch {
    return [];
  }
}

/** Registers one test per recording of a folder that `accepts` keeps. */
export function eachRecording(
  test: Parameters<typeof skipWithoutShared>[0],
  folder: string,
  accepts: (recording: Recording) => boolean,
  body: (recording: Recording) => void,
): void {
  const files = filesIn(folder);
  if (files.length === 0) skipWithoutShared(test, `the recordings of ${folder}`, join(FOLDER, folder), () => {});
  for (const file of files) {
    const path = join(FOLDER, file);
    if (accepts(load(sharedPath(path)))) skipWithoutShared(test, `${file} is reproduced`, path, (full) => body(load(full)));
  }
}

export const numbers = (value: number | number[], n: number): number[] => (Array.isArray(value) ? value : new Array(n).fill(value));

/** A rule in Loihi's notation with weights, tags and bounds as Lava has them. */
export function lavaRule(rule: Recording): PlasticityRule {
  const trace = (name: string): [string, TraceSpec][] => {
    const tau: number = rule[`${name}_tau`];
    const used = ['dw', 'dt', 'dd'].some((target) => rule[target]?.includes(name));
    if (!used) return [];
    return [[name, { on: name[0] === 'x' ? 'pre' : 'post', tau, impulse: rule[`${name}_impulse`], pairing: 'all-to-all', decay: 'exact' }]];
  };
  const texts = { dw: rule.dw, dt: rule.dt, dd: rule.dd };
  return {
    name: 'recorded',
    parameters: {},
    traces: Object.fromEntries(['x1', 'x2', 'y1', 'y2', 'y3'].flatMap(trace)),
    variables: {},
    modulators: {},
    code: {},
    sumOfProducts: Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null && text !== undefined)),
    epochTicks: rule.t_epoch ?? 1,
    bounds: [-256, 255],
  };
}

const LAVA: LoihiOptions = { impulseFraction: 'lava' };

export function loweredRule(rule: Recording, sign: SignMode): Parameters<typeof lavaLearning>[0] {
  const settings = readSettings(LAVA);
  const plain = lavaRule(rule);
  const low = sign === 'excitatory' ? 0 : sign === 'inhibitory' ? -255 : -256;
  const checked = { rule: { ...plain, bounds: [low, sign === 'inhibitory' ? 0 : 255] as const }, symbols: new Map(), moments: {} };
  const lowered = chipRule(checked, { projection: 'recorded', dt: 1, scale: { format: { sign, bits: 9 }, scale: 1, rise: 0 } }, settings);
  assert.equal(
    lowered.findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  const { epoch } = lowerChipRule(lowered, { checked, network: { dt: 1 } as Network }, settings);
  return { ...(epoch === undefined ? {} : { epoch }), traces: lowered.traces.map((trace) => lowerChipTrace(trace, settings)) };
}
