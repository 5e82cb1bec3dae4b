// `afn-otel prices` as a user runs it; the package of prices comes from an index on this machine, shaped as PyPI's.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { listen } from '../support/ports'

const folder = makeApp({ files: {} })
const price = {
  litellm_provider: 'openai',
  mode: 'chat',
  input_cost_per_token: 7e-6,
  output_cost_per_token: 9e-6,
  max_tokens: 5,
}
const models = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`new-model-${n}`, price]))
let wheel = zip(
  'litellm/model_prices_and_context_window_backup.json',
  JSON.stringify({ ...models, sample_spec: price }),
)
let sha256 = createHash('sha256').update(wheel).digest('hex')
const server = createServer((request, response) => {
  if (request.url === '/wheel') return response.end(wheel)
  if (!/^\/litellm\/(?:9\.9\.9\/)?json$/.test(request.url ?? '')) return response.writeHead(404).end()
  const url = `http://${request.headers.host}/wheel`
  const urls = [
    { packagetype: 'sdist', url: 'x', digests: { sha256: 'x' } },
    { packagetype: 'bdist_wheel', url, digests: { sha256 }, upload_time: '2026-12-01T10:00:00' },
  ]
  return response.end(JSON.stringify({ info: { version: '9.9.9' }, urls }))
})
let index: string

beforeAll(async () => {
  index = `http://127.0.0.1:${await listen(server)}/litellm`
})
afterAll(() => server.close())

async function prices(...args: string[]) {
  const cli = path.join(folder, 'node_modules/@afn/otel/dist/cli.cjs')
  const child = spawn(process.execPath, [cli, 'prices', ...args], { cwd: folder })
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => (out += chunk))
  child.stderr.on('data', chunk => (err += chunk))
  const code = await new Promise(resolve => child.on('close', resolve))
  return { code, out, err }
}

describe('prices update', () => {
  const file = path.join(folder, 'litellm-prices.json')

  it('writes the prices of the package, and what they are', async () => {
    const { code, out } = await prices('update', '--index', index)
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('600 models of litellm@9.9.9, of 2026-12-01'),
    })
    const { $source, ...written } = JSON.parse(readFileSync(file, 'utf8'))
    expect($source).toEqual({ table: 'litellm@9.9.9', sha256, date: '2026-12-01' })
    const { mode: _, max_tokens: __, ...read } = price
    expect(written['new-model-3']).toEqual(read)
    expect(await prices('update', '--index', index, '--litellm', '9.9.9')).toMatchObject({
      code: 0,
      out: expect.stringContaining('already contains litellm@9.9.9'),
    })
  })

  it('has calls priced by them', () => {
    const app = `const { loadPrices } = require('@afn/otel/package.json') && require(require('node:path').join(require('node:path').dirname(require.resolve('@afn/otel/package.json')), 'dist/chunks/prices.cjs'))
const call = { provider: 'openai', models: ['new-model-3'], usage: { input: 10, output: 0 }, at: new Date() }
console.log(JSON.stringify(loadPrices('litellm-prices.json', console.error).price(call)))`
    writeFileSync(path.join(folder, 'ask.cjs'), app)
    const asked = spawn(process.execPath, ['ask.cjs'], { cwd: folder })
    return new Promise<void>(resolve => {
      let out = ''
      asked.stdout.on('data', chunk => (out += chunk))
      asked.on('close', () => {
        expect(JSON.parse(out)).toMatchObject({ input: expect.closeTo(7e-5, 12), table: 'litellm@9.9.9' })
        resolve()
      })
    })
  })

  it.each([
    ['a package with another sha256', () => (sha256 = 'f'.repeat(64)), /sha256 .*, but the index lists f+; discarded/],
    [
      'a package that is none',
      () => {
        wheel = Buffer.from('no archive')
        sha256 = createHash('sha256').update(wheel).digest('hex')
      },
      /not a zip archive/,
    ],
    [
      'a table that has lost its models',
      () => {
        wheel = zip('litellm/model_prices_and_context_window_backup.json', JSON.stringify({ one: price }))
        sha256 = createHash('sha256').update(wheel).digest('hex')
      },
      /prices for only 1 models/,
    ],
    ['an index that is not there', () => (index = index.replace('/litellm', '/nothing')), /\/nothing\/json: 404/],
  ])('leaves the file as it was where there is %s', async (_, break_, words) => {
    const before = readFileSync(file, 'utf8')
    break_()
    const { code, err } = await prices('update', '--index', index)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(words) })
    expect(err).toContain('litellm-prices.json is unchanged, litellm@9.9.9 of 2026-12-01')
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})

it('prices diff lists models of which the tables differ', async () => {
  const { code, out } = await prices('diff', '--provider', 'mistral_ai', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toContainEqual({
    provider: 'mistral_ai',
    model: 'mistral-large-latest',
    kind: 'input',
    litellm: expect.closeTo(0.5, 9),
    genaiPrices: 2,
  })
})

/** An archive of one file. */
function zip(name: string, content: string): Buffer {
  const data = deflateRawSync(content)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(data.length, 20)
  entry.writeUInt16LE(name.length, 28)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(name.length, 26)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(30 + name.length + data.length, 16)
  return Buffer.concat([local, Buffer.from(name), data, entry, Buffer.from(name), end])
}
