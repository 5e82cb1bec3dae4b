// Mistakes in logging-config.json. Where each stands is counted by hand here; what is right at all, Ajv says too, by the schema that is shipped.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Ajv from 'ajv/dist/2020'
import { describe, expect, it } from 'vitest'
import * as yaml from 'yaml'
import { fullConfig } from '../../../src/app/logs/config'
import { readLogsConfig } from '../../../src/app/logs/config-file'
import { levels } from '../../../src/app/logs/options'
import { root } from '../../support/packed'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-logging-'))
mkdirSync(path.join(folder, 'a-folder'))
writeFileSync(path.join(folder, 'a-file'), '')
const file = path.join(folder, 'logging-config.json')
const read = (text: string) => readLogsConfig(text, file, yaml)
const mistakes = (text: string) =>
  read(text).mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`)
const schema = JSON.parse(readFileSync(path.join(root, 'src/app/logs/logging-config.schema.json'), 'utf8'))
const isRight = new Ajv({ allErrors: true }).compile(schema)

describe('mistakes', () => {
  it('are found all at once, each with its line and column and with what would be right', () => {
    const text = `{
  "level": "warning",
  "size": "10 parsecs",
  "clases": {},
  "classes": {
    "debug": { "file": "a-folder", "retention": "12h" },
    "info": { "file": "same.log" },
    "warn": { "file": "same.log", "retention": 0, "sise": 1 },
    "fatal": {}
  },
}`
    const found = mistakes(text.replace('"level"', '"folder": ".", "level"'))
    expect(found.map(mistake => mistake.split(' ', 1)[0])).toEqual([
      '2:27',
      '3:11',
      '4:3',
      '6:24',
      '6:49',
      '8:23',
      '8:48',
      '8:51',
      '9:5',
      '10:4',
    ])
    expect(found.join('\n')).toMatch(
      /did you mean "warn"[\s\S]*"100 MiB"[\s\S]*did you mean "classes"[\s\S]*is a folder[\s\S]*whole days, 1 at least[\s\S]*is the file of info already[\s\S]*whole days[\s\S]*did you mean "size"[\s\S]*knows[\s\S]*no comma behind the last member/,
    )
  })

  it.each([
    ['', /1:1 this is no JSON/],
    ['[]', /1:1 .*object/],
    ['{"level": }', /1:11 .*level takes|no JSON/],
    ['{"level": \'info\'}', /1:11 this is no JSON/],
    ['{level: "info"}', /1:2 this is no JSON/],
    ['{"level": "info" "size": 1}', /^1:18 this is no JSON[^\n]*$/],
    ['{"level": "info", "level": "warn"}', /^1:19 Map keys must be unique[^\n]*$/],
    ['{"level": "info"', /^1:\d+ this is no JSON[^\n]*$/],
    ['{"folder": "a-file"}', /1:12 .*is a file/],
    ['{"folder": 1}', /1:12 folder takes a path/],
    ['{"level": ["info"]}', /1:11 level takes/],
    ['{"classes": []}', /1:13 classes takes an object/],
    ['{"classes": {"info": "7d"}}', /1:22 info takes an object/],
    ['{"classes": {"info": {"file": "error.log"}}}', /1:31 .*file of error already/],
    ['{"classes": {"info": {"retention": "1.5d"}}}', /1:36 .*whole days/],
    ['{"classes": {"info": {"retention": "1000000d"}}}', /1:36 .*whole days/],
    ['{"size": 1000}', /1:10 .*64 KiB or more/],
    ['{"size": "10 mib"}', /1:10 size takes bytes/],
    ['{"size": -1}', /1:10 size takes bytes/],
    ['{"constructor": 1}', /1:2 "constructor" is nothing/],
    ['{"__proto__": 1}', /1:2 "__proto__" is nothing/],
  ])('%s', (text, expected) => expect(mistakes(text).join('\n')).toMatch(expected))

  it('a comment is none, and moves no place', () => {
    expect(mistakes('{\n// remark\n"level": "info" /* so */}')).toEqual([])
    expect(mistakes('{\n// remark\n"levle": "info"}')[0]).toMatch(/3:1 "levle" is nothing/)
  })

  it('a comma inside of a text is none', () => {
    expect(mistakes('{"folder": "a,}b", "classes": {"info": {"file": "x\\",]"}}}')).toEqual([])
  })
})

describe('what is right', () => {
  const right = [
    {},
    { $schema: 'x', folder: '/var/log/autoforgenexus', level: 'debug', size: '1.5 GiB' },
    {
      size: 65_536,
      classes: { audit: { retention: 730, file: 'a.log' }, debug: { retention: '2 days', size: '1MB' } },
    },
    ...levels.map(level => ({ level })),
  ]
  it.each(right.map(value => [JSON.stringify(value)]))('%s, and Ajv agrees', text => {
    expect(mistakes(text)).toEqual([])
    expect(isRight(JSON.parse(text))).toBe(true)
  })

  it('Ajv finds wrong what we find wrong', () => {
    for (const wrong of [
      { level: 'warning' },
      { size: '10 parsecs' },
      { size: 1 },
      { clases: {} },
      { classes: { fatal: {} } },
      { classes: { info: { retention: '12h' } } },
      { classes: { info: { retention: 0 } } },
      { folder: '' },
    ])
      expect([wrong, isRight(wrong), mistakes(JSON.stringify(wrong)).length > 0]).toEqual([wrong, false, true])
  })

  it('means what it says', () => {
    const { config: written } = read(
      '{"folder": "logs", "size": "1MB", "classes": {"info": {"retention": "9d", "size": "64 KiB"}}}',
    )
    const config = fullConfig(written, '/elsewhere')
    expect(config.folder).toBe(path.join(folder, 'logs'))
    expect(config.classes.info).toEqual({ file: 'backend.log', retentionDays: 9, maxBytes: 65_536 })
    expect(config.classes.audit).toEqual({ file: 'audit.log', retentionDays: 730, maxBytes: 1_000_000 })
  })
})
