// The body of a health answer: application/health+json, https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06.
// `docs/health.schema.json` is its schema.
import type { CheckedService, Snapshot } from './health'

/** The service in the detailed answer. */
export interface Service {
  readonly name?: string | undefined
  readonly version?: string | undefined
}

/** Only the status, for clients without the token, because names and versions of dependencies would help an attacker. */
export const briefDocument = ({ status }: Pick<Snapshot, 'status'>): string => JSON.stringify({ status })

const notes = {
  starting: ['starting: a required check has not passed yet'],
  draining: ['draining: the process is shutting down'],
  up: undefined,
}

export function detailedDocument({ status, phase, entries }: Snapshot, { name, version }: Service): string {
  const checks: Record<string, object[]> = {}
  for (const entry of entries) {
    const key = `${entry.check.name}:${entry.result?.measurement ?? 'responseTime'}`
    checks[key] = [...(checks[key] ?? []), checkDocument(entry)]
  }
  return JSON.stringify({ status, version, serviceId: name, notes: notes[phase], checks })
}

function checkDocument({ check, result }: CheckedService): object {
  const { component: componentId, componentType } = check
  if (!result) return { componentId, componentType, status: 'warn', output: 'not checked yet' }
  const { status, output, observedValue, observedUnit, time } = result
  return { componentId, componentType, observedValue, observedUnit, status, time: new Date(time).toISOString(), output }
}
