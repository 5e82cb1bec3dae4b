// Where a part of the pipeline is, and what its silence means. Called by the files that ask one.
import type { Silent } from './ask'
import { type Check, checksOf } from './check'

export interface Place {
  readonly url: string
  /** The variable that says where it is. */
  readonly setBy: string
  /** Somebody set it, so that the part has to be there; at its usual address it may be missing. */
  readonly isSet: boolean
}

/** The first variable that is set, else the usual address. */
export function placeOf(env: NodeJS.ProcessEnv, names: readonly [string, ...string[]], usual: string): Place {
  const setBy = names.find(name => env[name])
  const url = (setBy && env[setBy]) || usual
  return { url: url.replace(/\/+$/, ''), setBy: setBy ?? names[0], isSet: setBy !== undefined }
}

/** What the answer of a part means that gave none. */
export function silence(part: Check['part'], name: string, place: Place, { silent }: Silent): Check {
  const { url, setBy, isSet } = place
  return isSet
    ? checksOf(part).fails(name, `${url} does not answer (${silent}); start ${part} there, or correct ${setBy}`)
    : checksOf(part).skips(name, `not used: nobody is at ${url}; ${setBy} says where ${part} is`)
}

/** What answers is something else: a failure only where it was said to be there. */
export function stranger(part: Check['part'], name: string, { url, setBy, isSet }: Place, said: string): Check {
  return isSet
    ? checksOf(part).fails(name, `what answers at ${url} is not ${part} (${said}); correct ${setBy}`)
    : checksOf(part).skips(name, `not used: what answers at ${url} is not ${part}; ${setBy} says where it is`)
}
