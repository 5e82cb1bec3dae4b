/**
 * What few pages need: the option that has a chunk of its own, and a line in the console that names options that there are not, and
 * values that they can't have.
 */
import { diagnose } from './diagnose'
import { load } from './load-chunk'
import type { Feature, MonitorOptions } from './options'

const TEXT = 'a text'
const OBJECT = 'an object'
/** What each has to be. */
const WANTED: Readonly<Record<keyof MonitorOptions, string>> = {
  endpoint: 'a URL of http or https, or a path such as /api/otel',
  headers: OBJECT,
  serviceName: TEXT,
  serviceVersion: TEXT,
  environment: TEXT,
  buildId: TEXT,
  attributes: OBJECT,
  sampleRate: 'a number from 0 to 1',
  consent: 'true or false',
  suppression: 'true or false',
  propagateTo: 'a list of origins such as https://api.example.com, without a path',
}

/** The value as its author knows it; of what may hold a secret only its type. */
function shown(value: unknown, wanted: string): string {
  if (wanted === OBJECT || (typeof value === 'object' && value && !Array.isArray(value)))
    return `of type ${typeof value}`
  return typeof value === 'number' ? `${value}` : JSON.stringify(value).slice(0, 80)
}

const suppression: Feature = options => {
  if (options.suppression === true) load(import('./suppression'), options)
}

const warn: Feature = ({ ...wrong }: MonitorOptions & { suppression?: boolean | undefined }) => {
  // the first look at the options, which every page has, knows nothing of it
  if (typeof wrong.suppression === 'boolean') delete wrong.suppression
  const unknown = Object.keys(wrong).filter(name => !(name in WANTED))
  const said = Object.entries(WANTED)
    .filter(([name]) => name in wrong)
    .map(([name, wanted]) => `${name} must be ${wanted}, and is ${shown(wrong[name as keyof MonitorOptions], wanted)}`)
  if (unknown[0])
    said.push(`no option: ${unknown.slice(0, 10).join(', ')}; there are ${Object.keys(WANTED).join(', ')}`)
  if (said[0]) diagnose('AFN184', said.join('; '))
}

export const features: readonly Feature[] = [suppression, warn]
