// Errors over a deploy: whom they concern, since which version, what is new, and what narrows them. The oracle is what was sent.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ErrorsAnswer } from '../../../../src/backend/api/error-answers'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const kv = (key: string, stringValue: string) => ({ key, value: { stringValue } })

interface Failure {
  readonly at: number
  readonly service?: string
  readonly version?: string
  readonly type?: string
  readonly message?: string
  readonly user?: string
}

let id = 0
/** A span that failed, or did not, at a second. */
function spanOf({ at, service = 'shop', version = '1.0.0', type = 'RangeError', message, user }: Failure) {
  id++
  const exception = { name: 'exception', timeUnixNano: `${start + at * 1000}000000`, attributes: [kv('exception.type', type), kv('exception.message', message ?? '')] } // biome-ignore format: a row
  return {
    resource: { attributes: [kv('service.name', service), kv('service.version', version)] },
    scopeSpans: [
      {
        spans: [
          {
            traceId: id.toString(16).padStart(32, '0'),
            spanId: id.toString(16).padStart(16, '0'),
            name: 'GET /pay',
            kind: 2,
            startTimeUnixNano: `${start + at * 1000}000000`,
            endTimeUnixNano: `${start + at * 1000 + 5}000000`,
            attributes: user ? [kv('user.id', user)] : [],
            ...(message !== undefined && { status: { code: 2, message }, events: [exception] }),
          },
        ],
      },
    ],
  }
}

const SENT: readonly Failure[] = [
  { at: 1, message: 'order 17 is too large', user: 'u-1' },
  { at: 2, message: 'order 18 is too large', user: 'u-2' },
  { at: 20, version: '1.1.0', message: 'order 19 is too large for gpt-4o-mini', user: 'u-1' },
  { at: 21, version: '1.1.0', message: 'order 20 is too large', user: 'u-1' },
  { at: 22, version: '1.1.0', type: 'TypeError', message: 'x is undefined', user: 'u-3' },
  { at: 23, version: '1.1.0', type: 'TypeError', message: 'x is undefined' },
  { at: 24, service: 'mail', type: 'TimeoutError', message: 'no answer' },
  // the deploy itself
  { at: 19, version: '1.1.0' },
]

describe('errors', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi([{ resourceSpans: SENT.map(spanOf) }], start + 60_000)
  })
  afterAll(() => api.store.close())

  const ask = async (more = ''): Promise<ErrorsAnswer> =>
    api.json(`/api/afn/errors?start=${start / 1_000}&end=${start / 1_000 + 60}${more}`)
  const messages = async (more: string) => (await ask(more)).groups.map(({ newest }) => newest).sort()

  it('show no message as it came, or count users and versions of others', async () => {
    const { groups, deploys } = await ask()
    const large = groups.find(({ message }) => message === 'order <n> is too large')
    expect(large).toMatchObject({ newest: 'order 20 is too large', users: 2, firstVersion: '1.0.0', lastVersion: '1.1.0', isNew: false }) // biome-ignore format: a row
    expect(groups.find(({ type }) => type === 'TypeError')).toMatchObject({ users: 1, count: 2, isNew: true })
    // its name keeps its digits
    expect(groups.map(({ newest }) => newest)).toContain('order 19 is too large for gpt-4o-mini')
    // a service with one version was not deployed in the time
    expect(groups.find(({ service }) => service === 'mail')).toMatchObject({ users: 0, isNew: false })
    expect(deploys).toEqual([{ service: 'shop', version: '1.1.0', atNs: `${start + 19_000}000000` }])
  })

  it.each([
    ['&service=mail', ['no answer']],
    ['&version=1.0.0', ['no answer', 'order 18 is too large']],
    ['&q=UNDEFINED', ['x is undefined']],
    ['&q=timeouterror', ['no answer']],
    ['&new=true', ['order 19 is too large for gpt-4o-mini', 'x is undefined']],
    ['&new=true&service=mail', []],
    [`&q=${encodeURIComponent("' OR true --")}`, []],
  ])('are narrowed by something else: %s', async (more, wanted) => {
    expect(await messages(more)).toEqual(wanted)
  })

  it('are counted by service and version where somebody narrows them, and the counts with them', async () => {
    const { facets } = await ask('&facets=true&service=mail')
    expect(facets).toEqual({
      services: [
        { value: 'shop', count: 6 },
        { value: 'mail', count: 1 },
      ],
      versions: [
        { value: '1.1.0', count: 4 },
        { value: '1.0.0', count: 3 },
      ],
    })
    expect((await ask()).facets).toBeUndefined()
  })
})
