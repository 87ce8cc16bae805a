/** A folder of labelled samples, whatever it holds: idx images, recordings of an event camera, or spoken digits. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelledImages } from './labelled-images.ts';
import { readMnistFolder } from './mnist-folder.ts';
import { NMNIST_TABLE, readNmnistFolder } from './nmnist-folder.ts';
import { readSpeechFolder, SPEECH_TABLE } from './speech-folder.ts';

export interface SampleFolder {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** What was read, with a hash of its bytes. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/** Which layout a folder has is told by its table; without one it has to hold idx files. */
export function readSampleFolder(dir: string): SampleFolder {
  if (existsSync(join(dir, NMNIST_TABLE))) return readNmnistFolder(dir);
  if (existsSync(join(dir, SPEECH_TABLE))) return readSpeechFolder(dir);
  return readMnistFolder(dir);
}
