// Where a part of the pipeline is, and what its silence means.

import { type Check, checksOf } from './check'
import type { Silent } from './probe-request'

export interface Endpoint {
  readonly url: string
  /** The variable that says where it is. */
  readonly setBy: string
  /** Somebody set it, so that the part has to be there; at its usual address it may be missing. */
  readonly isSet: boolean
}

/** The first variable that is set, else the usual address. */
export function placeOf(env: NodeJS.ProcessEnv, names: readonly [string, ...string[]], usual: string): Endpoint {
  const setBy = names.find(name => env[name])
  const url = (setBy && env[setBy]) || usual
  return { url: url.replace(/\/+$/, ''), setBy: setBy ?? names[0], isSet: setBy !== undefined }
}

/**
 * Where the Collector reports its health and its own metrics.
 * @param endpoint where the app sends its traces: on that host the Collector is, unless the environment says otherwise
 */
export function collectorPlaces(
  env: NodeJS.ProcessEnv,
  endpoint: string | undefined,
): { health: Endpoint; metrics: Endpoint } {
  const host = endpoint ? new URL(endpoint).hostname : 'localhost'
  const [healthHost, healthPort] = splitAddress(env.AFN_COLLECTOR_HEALTH)
  const { AFN_SELF_METRICS_HOST: metricsHost, AFN_SELF_METRICS_PORT: metricsPort } = env
  return {
    health: {
      url: `http://${reachable(healthHost, host)}:${healthPort || '13133'}/`,
      setBy: 'AFN_COLLECTOR_HEALTH',
      isSet: Boolean(env.AFN_COLLECTOR_HEALTH),
    },
    metrics: {
      url: `http://${reachable(metricsHost, host)}:${metricsPort || '8888'}/metrics`,
      setBy: 'AFN_SELF_METRICS_HOST and AFN_SELF_METRICS_PORT',
      isSet: Boolean(metricsHost || metricsPort),
    },
  }
}

function splitAddress(address = ''): [host: string, port: string] {
  const colon = address.lastIndexOf(':')
  return colon < 0 ? [address, ''] : [address.slice(0, colon), address.slice(colon + 1)]
}

/** What a server listens on need not be an address that one can ask. */
const reachable = (host: string | undefined, otherwise: string): string =>
  !host || host === '0.0.0.0' || host === '::' || host === '[::]' ? otherwise : host

/** What the answer of a part means that gave none. */
export function silence(part: Check['part'], name: string, place: Endpoint, { silent }: Silent): Check {
  const { url, setBy, isSet } = place
  return isSet
    ? checksOf(part).fails(name, `${url} does not answer (${silent}); start ${part} there, or correct ${setBy}`)
    : checksOf(part).skips(name, `not used: nothing is listening on ${url}; to use ${part}, set ${setBy}`)
}

/** What answers is something else: a failure only where it was said to be there. */
export function stranger(part: Check['part'], name: string, { url, setBy, isSet }: Endpoint, said: string): Check {
  return isSet
    ? checksOf(part).fails(name, `the server at ${url} is not ${part} (${said}); correct ${setBy}`)
    : checksOf(part).skips(name, `not used: the server at ${url} is not ${part}; to use ${part}, set ${setBy}`)
}
