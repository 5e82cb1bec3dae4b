/** What an app may say when it starts the monitor; all of it is optional. */
import type { Attributes } from './otlp'

export interface MonitorOptions {
  /** Base of OTLP/HTTP, to which `/v1/logs` and `/v1/traces` are added. Default: `/api/otel` of the page's origin. */
  readonly endpoint?: string
  /** Sent with every request; they rule out `sendBeacon` and, to another origin, need its consent (CORS). */
  readonly headers?: Readonly<Record<string, string>>
  /** `service.name`. Default: the page's host name. */
  readonly serviceName?: string
  readonly serviceVersion?: string
  /** `deployment.environment.name`. */
  readonly environment?: string
  /** `app.build_id`: which source maps belong to the stacks. */
  readonly buildId?: string
  /** More attributes of the resource. */
  readonly attributes?: Attributes
  /** Share of sessions that are recorded, 0 to 1; errors are recorded in all. Default: 1. */
  readonly sampleRate?: number
  /**
   * Whether anything is recorded, stored or sent before `monitor.setConsent` says so. Default: true, and false in a
   * browser that sends Global Privacy Control.
   */
  readonly consent?: boolean
  /**
   * Whether the page asks its server if its user has objected (GDPR Art. 21), and keeps back what is of that person. The server is
   * `otlpHandler()` or `otlpRoute()` of `@afn/otel/next`, at `endpoint`. Default: false.
   */
  readonly suppression?: boolean
  /** Origins, besides the page's own, whose requests get a `traceparent`: `https://api.example.com`. */
  readonly propagateTo?: readonly string[]
}

/** A part of the monitor that is chosen by passing it to `startMonitor`. It is called once, in a browser only. */
export type Feature = (options: MonitorOptions) => void
