// Detects Node's adapter from web streams to Node streams, and whether it reads past our hooks.
import * as util from 'node:util'

/** From Node 26 on, `Readable.fromWeb()` requests a reader but does not call its `read()`. */
export const readsPastReader = Number(process.versions.node.split('.')[0]) >= 26

/** Whether Node's adapter is requesting the reader. */
export function isAdapterCalling(): boolean {
  const callers = (util as { getCallSites?: (frames: number) => { scriptName: string }[] }).getCallSites?.(8) ?? []
  return callers.some(({ scriptName }) => scriptName === 'node:internal/webstreams/adapters')
}
