// Where there is no `AsyncLocalStorage.snapshot()`, work begun within a request stays there.
export const inRoot: typeof import('../../root-context').inRoot = (run, ...args) => run(...args)
