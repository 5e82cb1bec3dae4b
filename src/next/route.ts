/** Handlers of Next.js routes. Called by the app's `route.ts` files. */
import { slot } from '../runtime'
import { type OtlpHandlerOptions, otlpHandler } from './otlp-handler'

type Handler = (request: Request) => Promise<Response>

/** For `app/api/otel/[...path]/route.ts`: `export const { POST, OPTIONS } = otlpRoute()`. */
export function otlpRoute(options?: OtlpHandlerOptions): { POST: Handler; OPTIONS: Handler } {
  const handle = otlpHandler(options)
  return { POST: handle, OPTIONS: handle }
}

/**
 * For `app/api/health/route.ts`: `export const { GET } = healthRoute()`. 200 as long as the app answers: telemetry that
 * fails must not take an app out of service, so that its state is told, not judged.
 */
export function healthRoute(): { GET: () => Promise<Response> } {
  return {
    async GET() {
      const status = slot().runtime?.status()
      const body = {
        status: 'ok',
        uptime: Math.round(performance.now() / 1000),
        telemetry: status
          ? {
              state: status.state,
              exported: status.exported,
              diagnostics: [...new Set(status.diagnostics.map(({ code }) => code))],
            }
          : { state: 'not started' },
      }
      return new Response(JSON.stringify(body), {
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      })
    },
  }
}
