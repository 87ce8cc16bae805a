/** What became of a network that was trained by back-propagation before it came to each chip: itself, its weights on the chip, and after learning there. */
import type { ResultDocument, SeedStatistic } from '../experiments/result.ts';
import { textTable, withInterval } from './table.ts';

const NOTHING = '-';

/** Empty where nothing was. */
export function pretrainedText({ results }: Pick<ResultDocument, 'results'>, colour: boolean): string {
  const rows = results.flatMap(({ chip, pretrained, accuracy }) =>
    pretrained === undefined ? [] : [[chip, ...[pretrained.teacher, pretrained.placed, accuracy].map(cell)]],
  );
  const epochs = results[0]?.pretrained?.epochs;
  if (epochs === undefined) return '';
  const title = `\ntrained off line by back-propagation, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}; accuracy on the test images (95 % CI)\n`;
  return title + textTable(['chip', 'the teacher itself', 'placed on the chip', 'adapted on the chip'], rows, colour);
}

const cell = (share: SeedStatistic | null): string => (share === null ? NOTHING : withInterval(share.mean, share.ci95));
