// Ids of spans that are made of what an agent says elsewhere. The same call has the same ids however often it is told, and by whichever
// signal, so that the store takes it once.
import { createHash } from 'node:crypto'

/** The kind of each span of a call, which is a part of its identity. */
export const CLIENT = 3

const hash = (parts: readonly (string | number | undefined)[], digits: number): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, digits)

export const traceIdOf = (dialect: string, session: string): string => hash([dialect, 'trace', session], 32)

export const spanIdOf = (dialect: string, kind: string, ...parts: readonly (string | number | undefined)[]): string =>
  hash([dialect, kind, ...parts], 16)
