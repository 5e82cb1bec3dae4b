/** A line in the console that names options that there are not, and values that they can't have. */
import { diagnose } from './diagnose'
import type { MonitorOptions } from './options'

/** What an option has to be, in words, and whether a value is that. */
type Kind = readonly [wanted: string, is: (value: unknown) => boolean]

const isText = (value: unknown): value is string => typeof value === 'string'
const TEXT: Kind = ['a text', isText]
const OBJECT: Kind = ['an object', value => typeof value === 'object']
const SWITCH: Kind = ['true or false', value => typeof value === 'boolean']

const KINDS: Readonly<Record<keyof MonitorOptions, Kind>> = {
  endpoint: [
    'a URL of http or https, or a path such as /api/otel',
    value => isText(value) && /^(?:https?:\/\/\w|(?!\w+:))/.test(value),
  ],
  headers: OBJECT,
  serviceName: TEXT,
  serviceVersion: TEXT,
  environment: TEXT,
  buildId: TEXT,
  attributes: OBJECT,
  sampleRate: ['a number from 0 to 1', value => typeof value === 'number' && value >= 0 && value <= 1],
  consent: SWITCH,
  suppression: SWITCH,
  propagateTo: [
    'a list of origins such as https://api.example.com, without a path',
    value => Array.isArray(value) && value.every(origin => /^https?:\/\/[^/]+$/.test(origin)),
  ],
}

/** The value as its author knows it; of what may hold a secret only its type. */
function shown(value: unknown, kind: Kind): string {
  if (kind === OBJECT || (typeof value === 'object' && value && !Array.isArray(value))) return `of type ${typeof value}`
  return typeof value === 'number' ? `${value}` : JSON.stringify(value).slice(0, 80)
}

export function checkOptions(options: MonitorOptions): void {
  const said: string[] = []
  const unknown: string[] = []
  for (const [name, value] of Object.entries(options)) {
    const kind = KINDS[name as keyof MonitorOptions]
    if (!kind) unknown.push(name)
    else if (value !== undefined && !kind[1](value))
      said.push(`${name} must be ${kind[0]}, and is ${shown(value, kind)}`)
  }
  if (unknown[0]) said.push(`no option: ${unknown.slice(0, 10).join(', ')}; there are ${Object.keys(KINDS).join(', ')}`)
  if (said[0]) diagnose('AFN184', said.join('; '))
}
