/** Handlers of Next.js routes. */
import { isSame } from '../health/probe-answers'
import { markProbes } from '../health/probe-paths'
import { slot } from '../runtime'
import { type OtlpHandlerOptions, otlpHandler } from './otlp-handler'

type Handler = (request: Request) => Promise<Response>
/** Without a request nobody has sent the token. */
type HealthRoute = (request?: Request) => Promise<Response>

/** For `app/api/otel/[...path]/route.ts`: `export const { POST, OPTIONS } = otlpRoute()`. */
export function otlpRoute(options?: OtlpHandlerOptions): { POST: Handler; OPTIONS: Handler } {
  const handle = otlpHandler(options)
  return { POST: handle, OPTIONS: handle }
}

export interface HealthRouteOptions {
  /** Where the route is. Default `/api/health`. */
  path?: string
}

/**
 * For `app/api/health/route.ts`: `export const { GET, HEAD } = healthRoute()`. 200 as long as the app can serve, by the checks of
 * `AFN_HEALTH=on` and of `defineCheck()`, as far as there are some; else 503. Telemetry that fails must not take an app out of
 * service, so that its state is reported, not judged. How much was exported, and lost, is for who sends `AFN_HEALTH_TOKEN`.
 */
export function healthRoute({ path = '/api/health' }: HealthRouteOptions = {}): {
  GET: HealthRoute
  HEAD: HealthRoute
} {
  markProbes(path)
  const answer = async (isHead: boolean, request: Request | undefined) => {
    const { health, runtime } = slot()
    const status = runtime?.status()
    const found = await health?.look()
    const body = {
      // the draft's other word for `pass`
      status: found === undefined || found.status === 'pass' ? 'ok' : found.status,
      uptime: Math.round(performance.now() / 1000),
      telemetry: status
        ? {
            state: status.state,
            ...(isTrusted(request) && { exported: status.exported }),
            diagnostics: [...new Set(status.diagnostics.map(({ code }) => code))],
          }
        : { state: 'not started' },
    }
    const isWell = body.status !== 'fail'
    return new Response(isHead ? null : JSON.stringify(body), {
      status: isWell ? 200 : 503,
      headers: {
        'content-type': 'application/health+json',
        'cache-control': 'no-store',
        ...(!isWell && { 'retry-after': '5' }),
      },
    })
  }
  return { GET: request => answer(false, request), HEAD: request => answer(true, request) }
}

/** Figures of the business are for who has the token: the path is a public one. */
function isTrusted(request: Request | undefined): boolean {
  const token = slot().runtime?.healthToken
  return token !== undefined && isSame(`Bearer ${token}`, request?.headers.get('authorization') ?? '')
}
