// What `afn-otel config check` and `init` know of the files that people edit. Oracle of the examples: the JSON Schemas that the package
// ships for editors, read by ajv.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Ajv from 'ajv/dist/2020'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { editedFiles, kindOf, mistakesIn } from '../../../src/cli/config/files'
import { withoutComments } from '../../../src/shared/config/json-comments'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-edited-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const place = path.join(folder, name)
  writeFileSync(place, text)
  return place
}

const schemas: Record<string, string> = {
  'slo.yaml': 'src/monitoring/slo/slo.schema.json',
  'alerts-config.yaml': 'src/monitoring/alerts/alerts-config.schema.json',
  'monitoring-config.json': 'src/shared/config/monitoring-config.schema.json',
  'logging-config.json': 'src/app/logs/logging-config.schema.json',
}

describe('files that people edit', () => {
  it.each(editedFiles.map(({ name, example }) => [name, example] as const))(
    'the example of %s has no mistake, for us and for an editor',
    (name, example) => {
      expect(mistakesIn(file(name, example))).toEqual([])
      const schema = JSON.parse(readFileSync(schemas[name]!, 'utf8'))
      const validate = new Ajv({ strict: false }).compile(schema)
      validate(parse(withoutComments(example)))
      expect(validate.errors ?? []).toEqual([])
    },
  )

  it.each(editedFiles.map(({ name }) => [name] as const))(
    'a key that %s does not know is named with its place',
    name => {
      const text = name.endsWith('.json') ? '{\n  // why\n  "fodler": 1\n}' : 'version: prometheus/v1\nfodler: 1\n'
      const [line, column] = name.endsWith('.json') ? [3, 3] : [2, 1]
      expect(mistakesIn(file(name, text))).toContainEqual(
        expect.objectContaining({ line, column, message: expect.stringContaining('fodler') }),
      )
    },
  )

  it('a file with another name is known by what stands in it, and one that is none of them is named', () => {
    expect(kindOf('production.yaml', 'channels: {}')?.name).toBe('alerts-config.yaml')
    expect(kindOf('own.json', '{ // why\n "budget_config": {} }')?.name).toBe('monitoring-config.json')
    expect(mistakesIn(file('other.yaml', 'a: 1'))).toEqual([
      {
        line: 1,
        column: 1,
        message: expect.stringContaining(
          'unknown type of file: neither its name nor its keys match slo.yaml, alerts-config.yaml',
        ),
      },
    ])
  })
})
