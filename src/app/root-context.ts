// Work of ours that goes on for a long time, as timers and sockets, belongs to no request of the app. Begun inside of one it
// would keep the stores of that request's AsyncLocalStorage for as long as it lives.
import { AsyncLocalStorage } from 'node:async_hooks'

/** Calls a function as at the start of the process, outside of every request. */
export const inRoot = AsyncLocalStorage.snapshot()
