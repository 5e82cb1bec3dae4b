// `afn-otel sourcemaps` of the packed package, and the error groups of `afn-otel up`: two deploys of one app.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../support/run'
import { bundleShop, throwing } from '../support/shop'
import { type RunningUp, startUp } from '../support/up'

const kv = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const message = "Cannot read properties of undefined (reading 'price')"
const request = (stack: string, build: string) => ({
  resourceLogs: [
    {
      resource: { attributes: [kv('service.name', 'shop'), kv('app.build_id', build)] },
      scopeLogs: [
        {
          logRecords: [
            {
              timeUnixNano: `${Date.now() - 1_000}000000`,
              severityNumber: 17,
              eventName: 'exception',
              attributes: [
                kv('exception.type', 'TypeError'),
                kv('exception.message', message),
                kv('exception.stacktrace', stack),
              ],
            },
          ],
        },
      ],
    },
  ],
})

let up: RunningUp
const stacks: string[] = []
beforeAll(async () => {
  up = await startUp(['--data', 'data'])
  for (const [name, moved] of [
    ['first', false],
    ['second', true],
  ] as const) {
    const dist = path.join(up.folder, name, 'dist')
    await bundleShop(dist, { moved })
    stacks.push(throwing(dist).replaceAll(/\(.*?dist/g, '(https://shop.example/assets'))
  }
})
afterAll(() => up.stop())

const maps = (...args: string[]) => up.command(['sourcemaps', ...args, '--store', 'data'])
const idIn = (stdout: string) => /^build id +(\S+)$/m.exec(stdout)![1]!
/** The code of a stack's frames in the sources. */
const original =
  /at priceOf \(src\/cart\.ts:\d+:15\)\n {4}at totalOf \(src\/cart\.ts:\d+:\d+\)\n {4}at checkout \(src\/main\.ts:/

describe('sourcemaps', () => {
  it('keeps the maps of a build, and leaves the build as it is', async () => {
    const dist = path.join(up.folder, 'first/dist')
    const contents = () => readdirSync(dist).map(file => [file, readFileSync(path.join(dist, file), 'utf8')])
    const before = contents()
    const { code, stdout, stderr } = await maps('upload', 'first/dist')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^maps +1 of 1 files: 1 new, 0 replaced, 0 unchanged$/m)
    const again = await maps('upload', 'first/dist')
    expect(again.stdout).toMatch(/^maps +1 of 1 files: 0 new, 0 replaced, 1 unchanged$/m)
    expect(idIn(again.stdout)).toBe(idIn(stdout))
    expect(contents()).toEqual(before)
  })

  it('shows a stack, from a file and from stdin, by the name of its file or by the build', async () => {
    const id = idIn((await maps('upload', 'second/dist', '--build-id', 'v2.0')).stdout)
    expect(id).toBe('v2.0')
    writeFileSync(path.join(up.folder, 'stack.txt'), stacks[1]!)
    for (const args of [['stack.txt'], ['stack.txt', '--build-id', id]])
      expect(await maps('symbolicate', ...args)).toMatchObject({ code: 0, stdout: expect.stringMatching(original) })
  })

  it('shows the exceptions in OTLP JSON by the build that they name', async () => {
    writeFileSync(
      path.join(up.folder, 'logs.jsonl'),
      [request(stacks[1]!, 'v2.0'), request(stacks[0]!, 'v9')].map(body => JSON.stringify(body)).join('\n'),
    )
    const { code, stdout, stderr } = await maps('symbolicate', 'logs.jsonl')
    expect(code).toBe(0)
    const [known, unknown] = stdout.split('\n\n')
    expect(known).toMatch(original)
    expect(unknown!.trim()).toBe(stacks[0]!.trim())
    expect(stderr).toContain('no source maps of build v9')
  })

  it.each([
    [['upload'], 2, /upload needs the folder of the build/],
    [['upload', 'nowhere'], 2, /the folder nowhere can't be read: ENOENT/],
    [['upload', 'empty'], 1, /found no \.js, \.mjs or \.cjs in empty; build with source maps/],
    [['upload', 'bad'], 2, /app\.js\.map has no source map of version 3/],
    [
      ['upload', 'first/dist', '--build-id', '../x'],
      2,
      /invalid --build-id "\.\.\/x": use at most 128 letters, digits/,
    ],
    [['symbolicate', 'nothing.txt'], 2, /nothing\.txt can't be read: ENOENT/],
    [['symbolicate', 'stack.txt', '--build-id', 'v7'], 2, /no source maps of build v7 in .*; builds: .*v2\.0/],
    [['symbolicate', 'package.json'], 2, /this JSON has no exception\.stacktrace/],
    [['download'], 2, /use "upload DIR" or "symbolicate \[FILE\]"/],
  ])('%j says what is wrong', async (args, code, says) => {
    mkdirSync(path.join(up.folder, 'empty'), { recursive: true })
    mkdirSync(path.join(up.folder, 'bad'), { recursive: true })
    writeFileSync(path.join(up.folder, 'bad/app.js'), '1')
    writeFileSync(path.join(up.folder, 'bad/app.js.map'), '<html>')
    const result = await maps(...args)
    expect(result.code).toBe(code)
    expect(result.stderr).toMatch(says)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
  })

  it('takes the folder of up where none is named', async () => {
    const { stdout } = await up.command(['sourcemaps', 'upload', 'first/dist'], { AFN_DATA_DIR: 'elsewhere' })
    expect(stdout).toContain(path.join(up.folder, 'elsewhere/sourcemaps'))
  })
})

it('up groups the errors of both deploys as one', async () => {
  const ids = ['first/dist', 'second/dist'].map(async dist => idIn((await maps('upload', dist)).stdout))
  for (const [at, id] of (await Promise.all(ids)).entries())
    expect((await up.post('logs', request(stacks[at]!, id))).status).toBe(200)
  const { groups } = (await (await fetch(`${up.url}/api/afn/errors`)).json()) as { groups: unknown[] }
  expect(groups).toMatchObject([
    {
      type: 'TypeError',
      message,
      service: 'shop',
      count: 2,
      frames: [expect.stringMatching(/^priceOf \(src\/cart\.ts:/), expect.anything(), expect.anything()],
    },
  ])
})

it('sourcemaps reads a stack from stdin', async () => {
  writeFileSync(
    path.join(up.folder, 'pipe.cjs'),
    `const { spawnSync } = require('node:child_process')
    const { stdout } = spawnSync(process.execPath, ['node_modules/@afn/otel/dist/cli.cjs', 'sourcemaps', 'symbolicate', '-', '--store', 'data'],
      { input: require('node:fs').readFileSync('stack.txt'), encoding: 'utf8' })
    console.log(stdout)`,
  )
  expect((await run(up.folder, ['pipe.cjs'])).stdout).toMatch(original)
})
