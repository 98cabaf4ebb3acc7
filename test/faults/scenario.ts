import type { FaultRow } from './fault-report.ts';
import type { FaultStage, FaultStageOptions } from './fault-stage.ts';

/**
 * Declares the tests of one kind of fault.
 *
 * @param open a stage that is closed when its test is over
 * @param tell adds a line to the table
 */
export type Scenario = (
  open: (options?: FaultStageOptions) => Promise<FaultStage>,
  tell: (row: FaultRow) => void,
) => void;
