/** What a user may choose about how changes are written beyond the policy: length of trains, tries of write-verify, two-array updates. */
import type { OptionsReader } from '../../core/check-options.ts';

export const UPDATES = ['direct', 'two-array'] as const;

export interface WriteOptions {
  /** Slots of a coincidence train, for the write policy `trains`. */
  trainLength?: number;
  /** Bursts that write-verify may spend on one change, for the write policy `verify`. */
  verifyTries?: number;
  /**
   * `two-array`: changes go to a fast pair of cells; after `transferEvery` of them its difference, times `transferRate`, joins a digital buffer,
   * from which whole pulses go to the slow pair that holds the weight.
   */
  update?: (typeof UPDATES)[number];
  transferEvery?: number;
  transferRate?: number;
}

export interface WriteSettings {
  readonly trainLength: number;
  readonly verifyTries: number;
  readonly update: (typeof UPDATES)[number];
  readonly transferEvery: number;
  readonly transferRate: number;
}

/** Every slot and every try is written out in the program. */
const MOST_SLOTS = 31;
const MOST_TRIES = 8;

export function readWriteOptions(reader: OptionsReader, chosen: { readonly writePolicy: string; readonly mapping: string }): WriteSettings {
  const settings = {
    trainLength: reader.number('trainLength', { default: MOST_SLOTS, integer: true, min: 1, max: MOST_SLOTS }),
    verifyTries: reader.number('verifyTries', { default: 5, integer: true, min: 2, max: MOST_TRIES }),
    update: reader.choice('update', UPDATES, { default: 'direct', noun: 'update' }),
    transferEvery: reader.number('transferEvery', { default: 8, integer: true, min: 1 }),
    transferRate: reader.number('transferRate', { default: 0.1, above: 0, max: 1 }),
  };
  const needs = (key: string, holds: boolean, what: string): void => {
    if (reader.has(key) && !holds) reader.reject(key, { code: 'E-WRITE', message: `means nothing without ${what}`, hint: `give ${what}` });
  };
  needs('trainLength', chosen.writePolicy === 'trains', 'writePolicy: "trains"');
  needs('verifyTries', chosen.writePolicy === 'verify', 'writePolicy: "verify"');
  for (const key of ['transferEvery', 'transferRate']) needs(key, settings.update === 'two-array', 'update: "two-array"');
  if (chosen.mapping === 'one-sided') {
    const message = 'needs cells that can be driven both ways, which the mapping one-sided does not do';
    if (chosen.writePolicy === 'verify') reader.reject('writePolicy', { code: 'E-WRITE', message, hint: 'give mapping: "two-sided"' });
    if (settings.update === 'two-array') reader.reject('update', { code: 'E-WRITE', message, hint: 'give mapping: "two-sided"' });
  }
  if (chosen.writePolicy === 'verify' && settings.update === 'two-array') {
    reader.reject('update', {
      code: 'E-WRITE',
      message: 'is "two-array", whose fast pair is not verified',
      hint: 'choose another writePolicy',
    });
  }
  return settings;
}
