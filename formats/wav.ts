/** Sound files: RIFF WAVE with whole-number samples (Multimedia Programming Interface and Data Specifications 1.0, IBM & Microsoft, 1991). */
import { UserError } from '../core/errors.ts';

export interface Sound {
  /** Hz */
  readonly rate: number;
  /** -1 … 1; several channels are averaged. */
  readonly samples: Float64Array;
}

const PCM = 1;

/** @param file name for messages */
export function readWav(bytes: Uint8Array, file: string): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const refuse = (message: string): UserError =>
    new UserError({ code: 'E-WAV', message: `${file} ${message}`, hint: 'use RIFF WAVE files with PCM of 16 bits' });
  const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || text(0) !== 'RIFF' || text(8) !== 'WAVE') throw refuse('is no WAVE file');
  let format: { channels: number; rate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const [name, length] = [text(at), view.getUint32(at + 4, true)];
    const body = at + 8;
    if (body + length > bytes.length) throw refuse(`ends inside its part "${name}"`);
    if (name === 'fmt ' && length >= 16) {
      const [kind, channels, rate, bits] = [
        view.getUint16(body, true),
        view.getUint16(body + 2, true),
        view.getUint32(body + 4, true),
        view.getUint16(body + 14, true),
      ];
      if (kind !== PCM || bits !== 16) throw refuse(`has format ${kind} with ${bits} bits`);
      if (channels === 0 || rate === 0) throw refuse(`has ${channels} channels at ${rate} Hz`);
      format = { channels, rate };
    }
    if (name === 'data') {
      if (format === undefined) throw refuse('has its sound before its format');
      const { channels, rate } = format;
      const samples = new Float64Array(Math.floor(length / (2 * channels)));
      for (let n = 0; n < samples.length; n++) {
        let sum = 0;
        for (let c = 0; c < channels; c++) sum += view.getInt16(body + 2 * (n * channels + c), true);
        samples[n] = sum / channels / 32768;
      }
      return { rate, samples };
    }
    at = body + length + (length % 2);
  }
  throw refuse('has no sound in it');
}
