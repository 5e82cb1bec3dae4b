// What a user sees of a mistake in a file: the place as an editor counts it, and a sentence that names input, reason and remedy.
// Oracle of the places: the text itself, in which each mistake is marked.
import { describe, expect, it } from 'vitest'
import { CheckedFile } from '../../../src/shared/config/checked-file'

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['version'],
  properties: {
    version: { const: 1 },
    level: { enum: ['critical', 'high', 'medium', 'low'] },
    every: { type: 'string', pattern: '^\\d+[smhd]$', 'x-takes': 'a duration, such as 5m' },
    share: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
    names: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
    url: { not: {}, 'x-refused': 'write it into a file, and name that with url_file' },
    url_file: { type: 'string', examples: ['/run/secrets/url'] },
    key_file: { type: 'string', pattern: '^/', 'x-takes': 'a path', 'x-secret': true },
    channels: {
      type: 'object',
      additionalProperties: {
        oneOf: [
          {
            type: 'object',
            additionalProperties: false,
            required: ['discord'],
            properties: { discord: { $ref: '#/$defs/discord' } },
          },
          {
            type: 'object',
            additionalProperties: false,
            required: ['email'],
            properties: { email: { type: 'object', required: ['to'], properties: { to: { type: 'string' } } } },
          },
        ],
      },
    },
  },
  $defs: {
    discord: {
      type: 'object',
      additionalProperties: false,
      required: ['file'],
      properties: { file: { type: 'string' }, username: { type: 'string', maxLength: 80 } },
    },
  },
}

const lines = (text: string): string[] =>
  new CheckedFile(text, schema).mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('a file that people edit', () => {
  it('that is right has no mistake, in YAML and in JSON with comments', () => {
    expect(lines('version: 1\nlevel: high\nchannels: {ops: {discord: {file: /a}}}\n')).toEqual([])
    expect(lines('{ // why\n  "version": 1, /* half\n */ "share": 50, "url_file": "/a // b" }')).toEqual([])
    expect(lines('{version: 1, url_file: http://a.example/x}')).toEqual([])
    expect(new CheckedFile('version: 1\nshare: 50', schema).value).toEqual({ version: 1, share: 50 })
  })

  it('names every mistake at once, by line and column', () => {
    const text = [
      'version: 1',
      'levle: high',
      'level: urgent',
      'every: 5min',
      'share: "99,9"',
      'names: []',
      'url: https://discord.com/api/webhooks/1/x',
      'url_file: 5',
    ].join('\n')
    expect(lines(text)).toEqual([
      '2:1 the file does not know "levle"; did you mean "level"? Known are version, level, every, share, names, url_file, key_file, channels',
      '3:8 level takes critical, high, medium, low, not "urgent"; did you mean "high"?',
      '4:8 every takes a duration, such as 5m, not "5min"',
      '5:8 share takes a number, above 0 and 100 or less, not "99,9"',
      '6:8 names takes a list of 1 at least items, not an empty list',
      '7:6 url may not stand here: write it into a file, and name that with url_file',
      '8:11 url_file takes a text, such as "/run/secrets/url", not 5',
    ])
  })

  it('names a text in braces that stands without quotes', () => {
    expect(lines('version: 1\nurl_file: {{ .Values.file }}')).toEqual([
      '2:12 a key is a text, and here stands a map or a list; put a text that begins with { or [ in quotes',
    ])
  })

  it('finds the line behind what no parser can read', () => {
    const text = 'version: 1\nlevel: "high\nnames: [a]\n\tshare: 5\n'
    expect(lines(text).length).toBeGreaterThan(0)
    for (const line of lines(text)) expect(line).toMatch(/^[1-5]:/)
  })

  it('shows no secret that stands where its file belongs', () => {
    expect(lines('version: 1\nkey_file: hunter2')).toEqual(['2:11 key_file takes a path, not what stands there'])
  })

  it('names what is missing where it should stand, and what belongs there', () => {
    expect(lines('level: high')).toEqual(['1:1 the file has no "version", which takes 1'])
    expect(lines('version: 1\nchannels:\n  ops:\n    discord: {}')).toEqual([
      '4:14 channels.ops.discord has no "file", which takes a text',
    ])
  })

  it('of one thing of several, the mistakes are those of the one that was meant', () => {
    expect(lines('version: 1\nchannels:\n  ops:\n    discord: {file: /a, user: x}')).toEqual([
      '4:25 channels.ops.discord does not know "user"; did you mean "file"? Known are file, username',
    ])
    expect(lines('version: 1\nchannels:\n  ops:\n    email: {to: 5}')).toEqual([
      '4:17 channels.ops.email.to takes a text, not 5',
    ])
    expect(lines('version: 1\nchannels:\n  ops: discord')).toHaveLength(1)
  })

  it('a key that stands twice, and the rest of the file', () => {
    expect(lines('version: 1\nlevel: high\nlevel: urgent')).toEqual([
      '3:1 this key stands twice; remove one of them',
      expect.stringMatching(/^3:8 level takes/),
    ])
  })

  it('what is no YAML is named at its place, once', () => {
    expect(lines('version: 1\nlevel: [high\nshare: 5')).toEqual([expect.stringMatching(/^\d:\d+ /)])
    expect(lines('version: 1\n\tlevel: high')).toEqual([expect.stringMatching(/^2:1 /)])
    expect(lines('')).toEqual(['1:1 the file is empty'])
    expect(lines('- a')).toEqual(['1:1 the file takes a map, not a list'])
    expect(lines('version: 1\n---\nversion: 1')).toHaveLength(1)
  })

  it('values that are written once and meant a million times are refused', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(9)}]`),
    ]
    expect(lines(bomb.join('\n'))).toEqual(['1:1 the file refers to itself more than 100 times; write the values out'])
  })

  it('a mistake behind an alias stands where the value is written', () => {
    const text = 'version: 1\nchannels:\n  ops: &ops {discord: {file: 5}}\n  dev: *ops'
    expect(lines(text)[0]).toBe('3:30 channels.ops.discord.file takes a text, not 5')
  })

  it('a byte order mark and line ends of Windows move no place', () => {
    expect(lines('\uFEFFversion: 1\r\nlevel: urgent\r\n')).toEqual([expect.stringMatching(/^2:8 /)])
  })

  it('what no schema says is added at its place', () => {
    const file = new CheckedFile('version: 1\nnames:\n  - a\n  - a\n', schema)
    file.wrong(['names', 1], 'names[1] is "a" already')
    file.wrong(['nowhere'], 'something is missing')
    expect(file.mistakes).toEqual([
      { line: 1, column: 1, message: 'something is missing' },
      { line: 4, column: 5, message: 'names[1] is "a" already' },
    ])
  })

  it('keys of objects that every object has are keys like others', () => {
    expect(lines('version: 1\n__proto__: 1\nconstructor: 2')).toHaveLength(2)
  })
})
