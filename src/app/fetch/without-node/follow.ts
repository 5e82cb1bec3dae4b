// Answers that are fetched later than they are requested, as those of batches, are read by a process that goes on: not in an isolate.
export const followAnswer: typeof import('../../llm/observe/later/follow').followAnswer = () => undefined

/** Nothing is recorded here. */
export const inRecorded: typeof import('../../llm/observe/later/follow').inRecorded = run => run()
