/** One recorded case: JSON with a kind, and whatever that kind holds. */

// biome-ignore lint/suspicious/noExplicitAny: recordings are JSON of many shapes
export type Fields = any;

export interface Recording {
  readonly id?: string;
  readonly kind?: string;
  readonly description?: string;
  readonly arithmetic?: string;
  readonly parameters?: Fields;
  readonly inputs?: Fields;
  readonly expected?: Fields;
  readonly [field: string]: Fields;
}

/** Where a recording comes from: its name without `.json`, and its full path. */
export interface RecordingFile {
  readonly name: string;
  readonly path: string;
}

/** Throws a `Difference` where a recording is not reproduced. */
export type Check = (recording: Recording, file: RecordingFile) => void;

/** Checks by the kind of a recording; for recordings without a kind, by their name. */
export type Family = Readonly<Record<string, Check>>;
