// Which mistakes somebody who writes alerts-config.yaml gets to know. Oracles: ajv reads the schema in its strict mode; each file of broken.ts says
// where its mistake is; Go's own time zones are Alertmanager's, which routes.test.ts asks.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import Ajv from 'ajv/dist/2020'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { labels } from '../../src/monitoring/alerts/config'
import { defaultAlerts } from '../../src/monitoring/alerts/defaults'
import { readAlerts } from '../../src/monitoring/alerts/read'
import { intervalsOf } from '../../src/monitoring/alerts/times'
import { severities } from '../../src/shared/severities'
import { root } from '../support/packed'
import { Random } from '../support/random'
import { broken } from './broken'
import { madeFile } from './made'

const lines = (text: string): string[] =>
  readAlerts(text).mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('alerts-config.yaml with a mistake', () => {
  it('there are more than sixty of them, and none twice', () => {
    expect(broken.length).toBeGreaterThanOrEqual(60)
    expect(new Set(broken.map(({ text }) => text)).size).toBe(broken.length)
  })

  it.each(broken.map(one => [one.title, one] as const))('%s: place, reason and remedy', (_, { text, expected }) => {
    expect(lines(text)).toEqual(expected)
    expect(expected.length).toBeGreaterThan(0)
  })

  it('no sentence shows a secret that stands in it', () => {
    const shown = broken.flatMap(({ text }) => lines(text)).join('\n')
    expect(shown).not.toMatch(/ghp_|hunter2|abcdefgh|token=abc|5c0e2b9a/)
  })
})

describe('alerts-config.yaml that somebody has hurt', () => {
  const pieces = [
    '\t',
    '\r',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ': ',
    '- ',
    '&a ',
    '*a ',
    '!!set ',
    '|',
    '? ',
    '# ',
    '\0',
    '🙂',
    '99',
    '~',
    '<<: ',
  ]

  it('is read to its end, and its mistakes stand in it', () => {
    const random = new Random(19)
    for (let round = 0; round < 100; round++) {
      let text = madeFile(random, '0.35')
      for (let cut = random.below(4); cut >= 0; cut--) {
        const at = random.below(text.length)
        const until = random.chance(0.5) ? at : at + random.below(20)
        text = text.slice(0, at) + random.pick(pieces) + text.slice(until)
      }
      const { config, mistakes } = readAlerts(text)
      const long = text.split('\n')
      for (const { line, column, message } of mistakes) {
        expect(line).toBeLessThanOrEqual(long.length)
        expect(column).toBeLessThanOrEqual(long[line - 1]!.length + 1)
        expect(message).not.toMatch(/undefined|\[object|NaN/)
      }
      expect(config === undefined).toBe(mistakes.length > 0)
    }
  })
})

describe('alerts-config.yaml that is right', () => {
  it('with a channel alone means what is the default', () => {
    const text = 'channels: {discord: {kind: discord, webhook_url_file: secrets/discord_webhook_url}}'
    expect(readAlerts(text)).toEqual({ config: defaultAlerts(), mistakes: [], notes: [] })
  })

  it('answers within 5 min, 15 min, 1 h and 24 h', () => {
    const { severities: all } = defaultAlerts()
    expect(severities.map(severity => all[severity].respondWithin)).toEqual([300, 900, 3_600, 86_400])
  })

  it('names a channel that nothing uses, and a maintenance that is over', () => {
    const { notes } = readAlerts(
      [
        'channels:',
        '  discord: {kind: discord, webhook_url_file: a}',
        '  spare: {kind: tickets, repository: a/b, token_file: b}',
        'severities:',
        '  critical: {channels: [discord]}',
        'maintenance:',
        '  - {name: old, from: 2020-01-01 00:00, to: 2020-01-01 01:00}',
      ].join('\n'),
    )
    expect(notes.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '3 the channel spare is not used by any severity, escalation, environment or route',
      '7 this window ended 2020-01-01 01:00; remove it',
    ])
  })

  it('is what the documentation shows', () => {
    const [, example = ''] =
      /```yaml\n([\s\S]*?)```/.exec(readFileSync(path.join(root, 'docs/alerts.md'), 'utf8')) ?? []
    const { config, mistakes, notes } = readAlerts(example)
    expect([mistakes, notes]).toEqual([[], []])
    expect(Object.keys(config!.channels)).toEqual(['discord', 'email', 'tickets'])
  })
})

describe('a window of time', () => {
  const timeZone = 'Asia/Tokyo'

  it('that goes past midnight is two, the second a day later, and Sunday is followed by Monday', () => {
    expect(intervalsOf({ days: ['saturday', 'sunday'], from: '23:00', to: '01:00', timeZone })).toEqual([
      { times: [{ start_time: '23:00', end_time: '24:00' }], weekdays: ['saturday', 'sunday'], location: timeZone },
      { times: [{ start_time: '00:00', end_time: '01:00' }], weekdays: ['sunday', 'monday'], location: timeZone },
    ])
  })

  it('that comes once has an interval for each of its days, through the end of a year', () => {
    const intervals = intervalsOf({ from: '2026-12-31 22:00', to: '2027-01-02 00:00', timeZone })
    expect(intervals).toEqual([day('2026', '12', '31', '22:00', '24:00'), day('2027', '1', '1', '00:00', '24:00')])
  })

  const day = (year: string, month: string, dayOfMonth: string, start_time: string, end_time: string) => ({
    times: [{ start_time, end_time }],
    days_of_month: [dayOfMonth],
    months: [month],
    years: [year],
    location: timeZone,
  })
})

describe('the JSON Schema of alerts-config.yaml', () => {
  const schema = JSON.parse(readFileSync(path.join(root, 'dist/alerts-config.schema.json'), 'utf8'))

  it('is one of draft 2020-12, and stands in the package', () => {
    const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false })
    for (const word of ['x-takes', 'x-refused', 'x-secret']) ajv.addKeyword(word)
    const validate = ajv.compile(schema)
    expect(validate(parse('channels: {discord: {kind: discord, webhook_url_file: a}}'))).toBe(true)
    expect(validate(parse('channels: {discord: {kind: discord, webhook_url: "https://a.example"}}'))).toBe(false)
  })

  it('refuses the labels of a rule by which alerts take another way', () => {
    for (const label of [labels.test, labels.escalation])
      expect(schema.$defs.rule.properties.labels.properties[label]).toHaveProperty('x-refused')
  })

  it('has a sentence for every text that follows a pattern', () => {
    const without: string[] = []
    const look = (value: unknown, place: string): void => {
      if (typeof value !== 'object' || value === null) return
      if ('pattern' in value && typeof value.pattern === 'string' && !('x-takes' in value)) without.push(place)
      for (const [key, item] of Object.entries(value)) look(item, `${place}/${key}`)
    }
    look(schema, '#')
    expect(without).toEqual([])
  })
})
