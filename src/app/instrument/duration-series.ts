// The attributes of the metric of a server's requests, the same object for the same series.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions'

/** What a duration is recorded for, by what it is found. */
interface DurationSeries {
  readonly method: string
  readonly scheme: string
  readonly version: string
  readonly status: number | undefined
  readonly error: string | undefined
  readonly attributes: Attributes
}

/** Of a route. Beyond it they are made anew: a route has some, by method and status. */
const mostSeries = 64
/** Routes are what an app has; whoever writes one for each request writes many. */
const mostRoutes = 2_000
const known = new Map<string | undefined, DurationSeries[]>()

/**
 * The same frozen object for the same series, since the metrics SDK finds the series of such an object without writing its
 * attributes out (src/app/sdk/measurements.ts). Found without a key of all parts: making and hashing one for each request was a
 * thirtieth of what a request costs.
 */
export function seriesOf(
  method: string,
  scheme: string,
  version: string,
  status: number | undefined,
  route: string | undefined,
  error: string | undefined,
): Attributes {
  let ofRoute = known.get(route)
  for (const one of ofRoute ?? []) {
    const isSame = one.status === status && one.method === method && one.error === error && one.version === version
    if (isSame && one.scheme === scheme) return one.attributes
  }
  const errorType = error ?? (status !== undefined && status >= 500 && status < 600 ? String(status) : undefined)
  const attributes = Object.freeze({
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_SCHEME]: scheme,
    ...(version && { [ATTR_NETWORK_PROTOCOL_VERSION]: version }),
    ...(route !== undefined && { [ATTR_HTTP_ROUTE]: route }),
    ...(status && { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }),
    ...(errorType !== undefined && { [ATTR_ERROR_TYPE]: errorType }),
  })
  if (!ofRoute || ofRoute.length >= mostSeries) {
    if (known.size >= mostRoutes) known.clear()
    ofRoute = []
    known.set(route, ofRoute)
  }
  ofRoute.push({ method, scheme, version, status, error, attributes })
  return attributes
}
