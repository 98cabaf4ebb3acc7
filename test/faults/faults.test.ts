import { afterAll, afterEach, beforeAll } from 'vitest';
import { type FaultRow, faultTable } from './fault-report.ts';
import { type FaultGround, type FaultStage, openFaultStage, prepareFaultGround } from './fault-stage.ts';
import { brokenAnswers } from './scenarios/broken-answers.ts';
import { closedConnections } from './scenarios/closed-connections.ts';
import { fileDescriptors } from './scenarios/file-descriptors.ts';
import { flappingPlugin } from './scenarios/flapping-plugin.ts';
import { hangingPlugin } from './scenarios/hanging-plugin.ts';
import { killedGateway } from './scenarios/killed-gateway.ts';
import { killedPlugin } from './scenarios/killed-plugin.ts';
import { lostSurroundings } from './scenarios/lost-surroundings.ts';
import { otherVersion } from './scenarios/other-version.ts';
import { stoppedProcesses } from './scenarios/stopped-processes.ts';
import { unfinishedClients } from './scenarios/unfinished-clients.ts';

const rows: FaultRow[] = [];
let ground: FaultGround;
let stages: FaultStage[] = [];

beforeAll(async () => {
  ground = await prepareFaultGround();
});

afterEach(async () => {
  await Promise.all(stages.map((stage) => stage.close()));
  stages = [];
});

afterAll(async () => {
  await ground?.workspace.remove();
  console.log(faultTable(rows));
});

/** In the order of the table. */
const SCENARIOS = [
  killedPlugin,
  hangingPlugin,
  brokenAnswers,
  closedConnections,
  flappingPlugin,
  fileDescriptors,
  unfinishedClients,
  killedGateway,
  otherVersion,
  lostSurroundings,
  stoppedProcesses,
];

for (const scenario of SCENARIOS) {
  scenario(
    async (options) => {
      const stage = await openFaultStage(ground, options);
      stages.push(stage);
      return stage;
    },
    (row) => rows.push(row),
  );
}
