/** Panels of devices: curves, sets of devices and pauses, from a document, and nothing where the document has none. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deviceCurves } from '../../chips/memristor-crossbar/device-curves.ts';
import { DEVICE_PRESETS } from '../../chips/memristor-crossbar/device-presets.ts';
import { deviceSetsPanel } from '../../report/panels/device-sets.ts';
import { devicesPanel } from '../../report/panels/devices.ts';
import { laterPanel } from '../../report/panels/later.ts';
import { bareResult, statistic, withResults } from './fixture.ts';

const crossbar = {
  ...bareResult('memristor-crossbar:pcm', 'Crossbar, phase change', [0.8]),
  deviceCurves: deviceCurves(DEVICE_PRESETS.pcm),
  devices: {
    sets: 3,
    accuracy: statistic([0.8, 0.7, 0.75]),
    energyPerUpdate: statistic([1e-10, 2e-10, 3e-10]),
    pulsesPerCell: statistic([10, 20, 30]),
    enduranceUsed: { value: 2e-7, lo: 2e-10, hi: 2e-5 },
  },
  later: [
    { after: '1 h', seconds: 3600, accuracy: statistic([0.78]) },
    { after: '1 month', seconds: 30 * 86_400, accuracy: statistic([0.6]) },
  ],
};

test('devices: both sweeps and the retention are drawn, with every number in the file', () => {
  const panel = devicesPanel(withResults([crossbar]));
  assert.is(panel?.body.match(/class="curve"/g)?.length, 3);
  assert.is(panel?.body.match(/class="band"/g)?.length, 3);
  assert.not.match(panel?.body ?? '', /NaN|undefined|Infinity/);
  const { up, down, retention } = crossbar.deviceCurves;
  assert.is(panel?.files[0].rows.length, up.at.length + down.at.length + (retention?.at.length ?? 0));
});

test('device sets and pauses: intervals, worst to best, endurance; one row per chip', () => {
  const sets = deviceSetsPanel(withResults([bareResult('ideal', 'Ideal', [0.9]), crossbar]));
  assert.match(sets?.body ?? '', /70\.0.* to 80\.0/);
  assert.match(sets?.body ?? '', /0.00002 %/);
  assert.is(sets?.files[0].rows.length, 3);
  const later = laterPanel(withResults([crossbar]));
  assert.match(later?.body ?? '', /After 1 month/);
  assert.match(later?.body ?? '', /60\.0/);
});

test('without devices, sets or pauses there are no such panels', () => {
  const plain = withResults([bareResult('ideal', 'Ideal', [0.9])]);
  for (const panel of [devicesPanel, deviceSetsPanel, laterPanel]) assert.is(panel(plain), null);
});

test.run();
