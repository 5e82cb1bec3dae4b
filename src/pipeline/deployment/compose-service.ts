// Parts of a service in compose.yaml.
import type { Section } from './yaml-comments'

/** A value that has no default: compose says which one is missing, and what it is. */
export const required = (name: string, what: string): string => `\${${name}:?set ${name}: ${what}}`

/** Healthy while a command in the container succeeds: a list is a command, a text is one of the container's shell. */
export const healthy = (command: string | readonly string[]): Section => ({
  test: typeof command === 'string' ? ['CMD-SHELL', command] : ['CMD', ...command],
  interval: '10s',
  timeout: '5s',
  retries: 12,
  start_period: '10s',
})

export const always = { restart: 'unless-stopped' }

/** Published for programs on this host alone. */
export const onLoopback = (host: number, container: number): string => `127.0.0.1:${host}:${container}`
