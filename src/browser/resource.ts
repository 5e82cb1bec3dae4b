/** Which app the page is: attributes of the resource. */
import type { MonitorOptions } from './options'
import type { Attributes } from './otlp'

/** Put in by the build. */
declare const AFN_OTEL_VERSION: string | undefined

export const scope = {
  name: '@afn/otel/browser',
  version: typeof AFN_OTEL_VERSION === 'string' ? AFN_OTEL_VERSION : undefined,
}

export const resourceOf = (options: MonitorOptions): Attributes => ({
  'service.name': options.serviceName ?? (location.hostname || 'browser'),
  'service.version': options.serviceVersion,
  'deployment.environment.name': options.environment,
  'app.build_id': options.buildId,
  'telemetry.sdk.language': 'webjs',
  'telemetry.distro.name': scope.name,
  'user_agent.original': navigator.userAgent,
  ...options.attributes,
})
