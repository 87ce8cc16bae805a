/** Retention models by name. */
import { hermesOneDevice, hermesTwoDevices } from './hermes.ts';
import { pcmRetention } from './pcm.ts';
import { reramCmo } from './reram-cmo.ts';
import { reramWan } from './reram-wan.ts';
import type { RetentionModel } from './retention-model.ts';
import { stateIndependent } from './state-independent.ts';

export const RETENTION_NAMES = ['pcm', 'hermes-1', 'hermes-2', 'reram-wan', 'reram-cmo', 'state-independent'] as const;
export type RetentionName = (typeof RETENTION_NAMES)[number];

export const RETENTION_MODELS: Readonly<Record<RetentionName, RetentionModel>> = {
  pcm: pcmRetention,
  'hermes-1': hermesOneDevice,
  'hermes-2': hermesTwoDevices,
  'reram-wan': reramWan,
  'reram-cmo': reramCmo,
  'state-independent': stateIndependent,
};
