import { type Emitter, jsonFile } from '../emitter.ts';
import { topicPlan } from './topic-plan.ts';

/** `topics.json`: what an operator makes in Kafka, and gives rights to. */
export const emitTopics: Emitter = (program) => [jsonFile('topics.json', topicPlan(program))];
