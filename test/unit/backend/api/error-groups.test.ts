// Groups of errors over deploys: real stacks of real bundles, as log records of the browser SDK and as events of spans.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { findMaps } from '../../../../src/backend/sourcemaps/find'
import { putBuild } from '../../../../src/backend/sourcemaps/store'
import { bundleShop, throwing } from '../../../support/shop'
import { startApi } from './ask'

const start = 1_795_000_000_000
const folder = mkdtempSync(path.join(tmpdir(), 'afn-groups-'))
const kv = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const message = "Cannot read properties of undefined (reading 'price')"

interface Thrown {
  stack?: string
  build?: string
  type?: string
  text?: string
  severityNumber?: number
  spanId?: string
}
const attributesOf = ({ stack, type = 'TypeError', text = message }: Thrown) => [
  kv('exception.type', type),
  kv('exception.message', text),
  ...(stack ? [kv('exception.stacktrace', stack)] : []),
]
let ms = 0
const resource = (build?: string) => ({
  attributes: [kv('service.name', 'shop'), ...(build ? [kv('app.build_id', build)] : [])],
})
const traceId = `${'0'.repeat(31)}1`

const logged = (thrown: Thrown) => ({
  resourceLogs: [
    {
      resource: resource(thrown.build),
      scopeLogs: [
        {
          logRecords: [
            {
              timeUnixNano: `${start + ms++}000000`,
              severityNumber: thrown.severityNumber ?? 17,
              eventName: 'exception',
              attributes: attributesOf(thrown),
              ...(thrown.spanId ? { traceId, spanId: thrown.spanId } : {}),
            },
          ],
        },
      ],
    },
  ],
})
const spanOf = (thrown: Thrown, more: object) => ({
  resourceSpans: [
    {
      resource: resource(thrown.build),
      scopeSpans: [
        {
          spans: [
            {
              traceId,
              spanId: thrown.spanId,
              name: 'pay',
              kind: 1,
              startTimeUnixNano: `${start + ms++}000000`,
              endTimeUnixNano: `${start + 50}000000`,
              status: { code: 2, message },
              ...more,
            },
          ],
        },
      ],
    },
  ],
})

async function groupsOf(requests: object[], maps?: string) {
  const api = await startApi(requests, start + 60_000, maps)
  const { groups } = await api.json(`/api/afn/errors?start=${start / 1_000}&end=${start / 1_000 + 60}`)
  await api.store.close()
  return groups as { count: number; frames: string[]; span: string; examples: { traceId: string | null }[] }[]
}

/** What two deploys throw, as a page of the shop tells it. */
const stacks: string[] = []
const builds = ['first', 'second']
beforeAll(async () => {
  for (const build of builds) {
    const dist = path.join(folder, build, 'dist')
    await bundleShop(dist, { moved: build === 'second' })
    putBuild(path.join(folder, 'maps'), build, findMaps(dist).maps)
    stacks.push(throwing(dist).replaceAll(/\(.*?dist/g, '(https://shop.example/assets'))
  }
})

describe('errors of two deploys', () => {
  const both = () => stacks.map((stack, at) => logged({ stack, build: builds[at]! }))

  it('are one group by their source maps, shown as in the sources, though files, lines and columns differ', async () => {
    expect(stacks[0]!.split('\n').slice(1, 4)).not.toEqual(stacks[1]!.split('\n').slice(1, 4))
    const groups = await groupsOf(both(), path.join(folder, 'maps'))
    expect(groups).toMatchObject([{ count: 2, span: '', examples: [{ traceId: null }, { traceId: null }] }])
    expect(groups[0]!.frames).toEqual([
      'priceOf (src/cart.ts:10:15)',
      expect.stringMatching(/^totalOf \(src\/cart\.ts:15:\d+\)$/),
      expect.stringMatching(/^checkout \(src\/main\.ts:8:\d+\)$/),
    ])
  })

  it('are one group without source maps too, by the stable part of the file names', async () => {
    const groups = await groupsOf(both())
    expect(groups).toMatchObject([{ count: 2 }])
    expect(groups[0]!.frames[0]).toContain('https://shop.example/assets/main-')
  })

  it('are two groups where one has no source map or claims the build of the other', async () => {
    const wrong = [logged({ stack: stacks[0]!, build: 'first' }), logged({ stack: stacks[1]!, build: 'third' })]
    expect(await groupsOf(wrong, path.join(folder, 'maps'))).toHaveLength(2)
  })
})

it('the same message from other places of the sources is another group', async () => {
  const [, first, second, third] = stacks[0]!.split('\n')
  const deeper = `TypeError: ${message}\n${second}\n${third}`
  const groups = await groupsOf(
    [logged({ stack: stacks[0]!, build: 'first' }), logged({ stack: deeper, build: 'first' })],
    path.join(folder, 'maps'),
  )
  expect(first).toBeDefined()
  expect(groups).toHaveLength(2)
})

it('an exception that a failed span has too counts once, and gives it its stack', async () => {
  const spanId = `${'0'.repeat(15)}7`
  const thrown = { stack: stacks[0]!, build: 'first', spanId }
  const groups = await groupsOf(
    [logged(thrown), spanOf(thrown, { attributes: [kv('error.type', 'TypeError')] })],
    path.join(folder, 'maps'),
  )
  expect(groups).toMatchObject([{ count: 1, span: 'pay', examples: [{ traceId }] }])
  expect(groups[0]!.frames[0]).toBe('priceOf (src/cart.ts:5:15)')
})

it('events of spans are mapped as log records are', async () => {
  const thrown = { stack: stacks[1]!, build: 'second', spanId: `${'0'.repeat(15)}8` }
  const events = [{ timeUnixNano: `${start}000000`, name: 'exception', attributes: attributesOf(thrown) }]
  const groups = await groupsOf([spanOf(thrown, { events })], path.join(folder, 'maps'))
  expect(groups[0]!.frames[0]).toBe('priceOf (src/cart.ts:10:15)')
})

it('handled errors, log records without an exception, and those without a stack are separate groups', async () => {
  const plain = logged({ stack: stacks[0]!, severityNumber: 13 })
  const groups = await groupsOf([
    plain,
    logged({ type: 'RangeError', text: 'order 17 of 99' }),
    logged({ type: 'RangeError', text: 'order 4 of 5' }),
  ])
  expect(groups).toMatchObject([{ type: 'RangeError', message: 'order <n> of <n>', count: 2, frames: [] }])
})
