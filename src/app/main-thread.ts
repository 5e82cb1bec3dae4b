// Whether this is the main thread, without `node:worker_threads`: that module brings Node's streams and takes 2 ms of a start.

/** Node puts functions that only throw, and are marked so, in the place of those that are for the main thread alone. */
export const isMainThread = (process.abort as { disabled?: boolean }).disabled !== true
