// What all checks of `afn-otel doctor` come to, in one line.
import type { Status } from '../../shared/diag/status'
import type { Check } from './check'

const SIGNALS = ['traces', 'metrics', 'logs']

/** @param checks as `examine` has them */
export function verdictOf(checks: readonly Check[], { state }: Pick<Status, 'state'>): string {
  const failed = checks.filter(({ ok }) => !ok)
  if (state !== 'started')
    return `The app is not traced: ${failed.find(({ name }) => name === 'preload')?.detail ?? state}.`
  const unsent = failed.filter(({ part, name }) => part === 'app' && SIGNALS.includes(name))
  const unheard = unsent.find(({ detail }) => /ECONNREFUSED/.test(detail))
  const [address] = /https?:\/\/[^\s/]+/.exec(unheard?.detail ?? '') ?? []
  if (address)
    return `The app is traced, but nothing listens on ${address}. To see its traces here: npx afn-otel run app.js`
  if (unsent[0])
    return `The app is traced, but its ${unsent.map(({ name }) => name).join(', ')} do not arrive: see below.`
  const [first] = failed
  if (!first) return 'The app is traced, and all checks hold.'
  const others = failed.length > 1 ? ` and ${failed.length - 1} more` : ''
  return `The app is traced; to fix: ${first.part}, ${first.name}${others}.`
}
