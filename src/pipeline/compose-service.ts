// Parts of a service in compose.yaml. Used by compose.ts and langfuse-services.ts.
import type { Section } from './note'

/** A secret that has no default: compose says which one is missing, and what it is. */
export const required = (name: string, what: string): string => `\${${name}:?set ${name}: ${what}}`

/** Healthy while a shell command in the container succeeds. */
export const healthy = (command: string): Section => ({
  test: ['CMD-SHELL', command],
  interval: '10s',
  timeout: '5s',
  retries: 12,
  start_period: '10s',
})

export const always = { restart: 'unless-stopped' }

/** Published for programs on this host alone. */
export const onLoopback = (host: number, container: number): string => `127.0.0.1:${host}:${container}`
