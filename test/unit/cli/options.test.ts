// The table of a command's options: node's own parseArgs is the oracle of what it takes, and the help lists it.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Options, optionLines } from '../../../src/cli/options'
import { messageOf } from '../../../src/cli/unknown-option'

const options = {
  since: { type: 'string', default: '1h', help: 'how far back' },
  tempo: {
    type: 'string',
    argument: 'URL',
    help: "Tempo's HTTP API",
    otherwise: 'AFN_TEMPO_URL, else http://localhost:3200',
  },
  'allow-origin': { type: 'string', multiple: true, default: [] as string[], argument: 'URL', help: 'may send' },
  keys: { type: 'string', help: 'without a word of its own' },
  'dry-run': { type: 'boolean', default: false, help: 'pushes nothing' },
} as const satisfies Options

it('no help has a line about an option that is written by hand, and could say something else than the table', () => {
  const folder = path.resolve(import.meta.dirname, '../../../src/cli')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(50)
  const lines = files.flatMap(file =>
    readFileSync(path.join(folder, file), 'utf8')
      .split('\n')
      .flatMap((line, n) => (/^ *--[a-z]/.test(line) ? [`${file}:${n + 1} ${line}`] : [])),
  )
  expect(lines).toEqual([])
})

describe('options of a command', () => {
  it('are read by parseArgs as they stand, with their defaults', () => {
    expect(parseArgs({ args: [], options }).values).toEqual({ since: '1h', 'allow-origin': [], 'dry-run': false })
    const args = ['--since', '2h', '--dry-run', '--allow-origin', 'a', '--allow-origin=b', '--tempo=c']
    expect(parseArgs({ args, options }).values).toEqual({
      since: '2h',
      'allow-origin': ['a', 'b'],
      'dry-run': true,
      tempo: 'c',
    })
  })

  it('stand in the help in one column, each with what holds without it', () => {
    expect(optionLines(options, { FILE: 'what is read' }).split('\n')).toEqual([
      'FILE                what is read',
      '--since 1h          how far back [1h]',
      "--tempo URL         Tempo's HTTP API [AFN_TEMPO_URL, else http://localhost:3200]",
      '--allow-origin URL  may send',
      '--keys KEYS         without a word of its own',
      '--dry-run           pushes nothing',
    ])
  })

  it('have long texts on lines of 120 columns at most, under each other', () => {
    const words = Array.from({ length: 60 }, (_, n) => `word${n}`)
    const lines = optionLines({
      every: { type: 'string', argument: '10m', help: words.join(' ') },
      json: { type: 'boolean', help: 'as JSON' },
    }).split('\n')
    expect(lines.length).toBeGreaterThan(4)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120)
    expect(lines.slice(1, -1).every(line => /^ {13}\S/.test(line))).toBe(true)
    expect(
      lines
        .slice(0, -1)
        .map(line => line.slice(13))
        .join(' ')
        .split(' '),
    ).toEqual(words)
  })
})

describe('an option that the command does not know', () => {
  it.each([
    [['traces', '--sicne', '2h'], '--since', 'afn-otel traces'],
    [['export', '--parket=x'], '--parquet', 'afn-otel export'],
    [['cost', 'report', '--jsno'], '--json', 'afn-otel cost report'],
  ])('is answered by rules of parsers, or by no better one: %j', async (args, meant, usage) => {
    const option = args.find(arg => arg.startsWith('-'))!
    let error: unknown
    try {
      parseArgs({ args: [option], options: {} })
    } catch (thrown) {
      error = thrown
    }
    expect(await messageOf(error, args)).toBe(
      `unknown option ${option.split('=')[0]}; did you mean ${meant}? ${usage} --help lists all`,
    )
  })

  it('hides what is wrong otherwise', async () => {
    expect(await messageOf(new Error('it is full'), ['traces'])).toBe('it is full')
    expect(await messageOf('gone', [])).toBe('gone')
  })
})
