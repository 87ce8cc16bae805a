/**
 * The report: one HTML file made from a result document, with every figure drawn as SVG at render time. It needs no network and no script,
 * and the same document always gives the same bytes (no dates, no random ids).
 */
import type { ResultDocument } from '../experiments/result.ts';
import { page } from './page.ts';
import type { Panel } from './panel.ts';
import { renderPanel } from './panel.ts';
import { configurationPanel } from './panels/configuration.ts';
import { confusionPanel } from './panels/confusion.ts';
import { deviceSetsPanel } from './panels/device-sets.ts';
import { devicesPanel } from './panels/devices.ts';
import { diagnosisPanel } from './panels/diagnosis.ts';
import { differencesPanel } from './panels/differences.ts';
import { energyPanel } from './panels/energy.ts';
import { findingsPanel } from './panels/findings.ts';
import { header } from './panels/header.ts';
import { laterPanel } from './panels/later.ts';
import { learningCostPanel } from './panels/learning-cost.ts';
import { learningCurvesPanel } from './panels/learning-curves.ts';
import { noveltyPanel } from './panels/novelty.ts';
import { pretrainedPanel } from './panels/pretrained.ts';
import { rastersPanel } from './panels/rasters.ts';
import { resourcesPanel } from './panels/resources.ts';
import { resultTablePanel } from './panels/result-table.ts';
import { stdpWindowPanel } from './panels/stdp-window.ts';
import { sweepPanel } from './panels/sweep.ts';
import { waterfallPanel } from './panels/waterfall.ts';
import { weightHistogramPanel } from './panels/weight-histogram.ts';
import { weightMosaicPanel } from './panels/weight-mosaic.ts';

/** Panels in the order of reading: what came out, how it got there, what it cost, what to mind. */
const PANELS: readonly ((document: ResultDocument) => Panel | null)[] = [
  sweepPanel,
  resultTablePanel,
  pretrainedPanel,
  differencesPanel,
  waterfallPanel,
  diagnosisPanel,
  deviceSetsPanel,
  laterPanel,
  noveltyPanel,
  learningCurvesPanel,
  learningCostPanel,
  energyPanel,
  stdpWindowPanel,
  weightHistogramPanel,
  weightMosaicPanel,
  rastersPanel,
  confusionPanel,
  devicesPanel,
  resourcesPanel,
  findingsPanel,
  configurationPanel,
];

export function renderReport(document: ResultDocument): string {
  const panels = PANELS.map((make) => make(document)).filter((panel) => panel !== null);
  return page({
    title: document.title,
    header: header(document),
    contents: panels.map(({ id, heading }) => ({ id, heading })),
    body: panels.map(renderPanel).join('\n'),
    footer: `hillock ${document.version}, result schema ${document.schema}`,
  });
}
