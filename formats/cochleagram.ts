/**
 * What a cochlea makes of a sound, as a picture: the envelope in each of a row of gammatone filters (Patterson et al., APU report 2341, 1988), spaced evenly
 * on the ERB-rate scale (Glasberg & Moore, Hear. Res. 47:103, 1990), averaged over equal parts of the utterance and compressed logarithmically.
 *
 * A gammatone filter of order 4 is four low-passes in a row after the sound has been turned back by the centre frequency; the magnitude is its envelope.
 */
import type { Sound } from './wav.ts';

export interface CochleagramOptions {
  /** Filters, lowest frequency first. */
  readonly channels: number;
  /** Equal parts of the utterance. */
  readonly parts: number;
  /** Hz, of the lowest and of the highest filter. */
  readonly from: number;
  readonly to: number;
}

/** Sound below this share of the loudest sample counts as silence before and after the utterance. */
const SILENCE = 0.03;
/** Envelopes are shown over this range below the largest, decibels. */
const RANGE = 50;

/** [channels][parts] 0 … 255, the loudest part of the utterance 255; all 0 for silence. */
export function cochleagram({ rate, samples }: Sound, { channels, parts, from, to }: CochleagramOptions): Uint8Array {
  const [first, end] = utterance(samples);
  const picture = new Float64Array(channels * parts);
  for (let c = 0; c < channels; c++) {
    const centre = fromErbRate(erbRate(from) + ((erbRate(to) - erbRate(from)) * c) / Math.max(1, channels - 1));
    addEnvelope(samples, first, end, rate, centre, picture.subarray(c * parts, (c + 1) * parts));
  }
  const loudest = picture.reduce((most, value) => Math.max(most, value), 0);
  if (loudest === 0) return new Uint8Array(channels * parts);
  return Uint8Array.from(picture, (value) => Math.round(255 * Math.max(0, 1 + (20 * Math.log10(Math.max(value / loudest, 1e-9))) / RANGE)));
}

/** From the first to after the last sample that is not silence. */
function utterance(samples: Float64Array): [number, number] {
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const isSound = (value: number): boolean => Math.abs(value) > SILENCE * loudest;
  const first = samples.findIndex(isSound);
  return first < 0 ? [0, samples.length] : [first, samples.findLastIndex(isSound) + 1];
}

/** ERB-rate of a frequency and back; equivalent rectangular bandwidth, Hz. */
const erbRate = (hertz: number): number => 21.4 * Math.log10(1 + 0.00437 * hertz);
const fromErbRate = (value: number): number => (10 ** (value / 21.4) - 1) / 0.00437;
const erb = (hertz: number): number => 24.7 * (1 + 0.00437 * hertz);
/** Bandwidth of the gammatone filter of order 4 with this equivalent rectangular bandwidth. */
const BANDWIDTH_PER_ERB = 1.019;

/** Adds the mean envelope of each part. */
function addEnvelope(samples: Float64Array, first: number, end: number, rate: number, centre: number, into: Float64Array): void {
  const angle = (-2 * Math.PI * centre) / rate;
  const [turnRe, turnIm] = [Math.cos(angle), Math.sin(angle)];
  const keep = Math.exp((-2 * Math.PI * BANDWIDTH_PER_ERB * erb(centre)) / rate);
  const gain = 1 - keep;
  let [phaseRe, phaseIm] = [1, 0];
  let [aRe, aIm, bRe, bIm, cRe, cIm, dRe, dIm] = [0, 0, 0, 0, 0, 0, 0, 0];
  const length = end - first;
  for (let n = 0; n < length; n++) {
    const x = samples[first + n];
    aRe = keep * aRe + gain * x * phaseRe;
    aIm = keep * aIm + gain * x * phaseIm;
    bRe = keep * bRe + gain * aRe;
    bIm = keep * bIm + gain * aIm;
    cRe = keep * cRe + gain * bRe;
    cIm = keep * cIm + gain * bIm;
    dRe = keep * dRe + gain * cRe;
    dIm = keep * dIm + gain * cIm;
    const next = phaseRe * turnRe - phaseIm * turnIm;
    phaseIm = phaseRe * turnIm + phaseIm * turnRe;
    phaseRe = next;
    into[Math.floor((n * into.length) / length)] += Math.sqrt(dRe * dRe + dIm * dIm);
  }
  const perPart = Math.max(1, length / into.length);
  for (let p = 0; p < into.length; p++) into[p] /= perPart;
}
