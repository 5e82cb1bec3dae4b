import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loadRegistries } from '../../../semconv/generator/load'
import { validate } from '../../../semconv/generator/validate'

const directory = mkdtempSync(path.join(tmpdir(), 'afn-semconv-'))
afterAll(() => rmSync(directory, { recursive: true }))

const manifest = (url: string, rest = '') => `schema_url: ${url}\ndescription: d\nstability: development\n${rest}`
const upstream = 'https://example.invalid/up/1.0.0'
const about = 'stability: development, brief: b'
let count = 0

/** A registry of ours with `ours` as its definitions, beside an upstream one that has gen_ai.a and the metric gen_ai.m. */
function check(ours: string, dependency = upstream): () => void {
  const root = path.join(directory, String(count++))
  for (const folder of ['up', 'afn']) mkdirSync(path.join(root, folder), { recursive: true })
  writeFileSync(path.join(root, 'up/manifest.yaml'), manifest(upstream))
  writeFileSync(
    path.join(root, 'up/a.yaml'),
    `file_format: definition/2\nattributes: [{ key: gen_ai.a, type: int, ${about} }]\n`,
  )
  writeFileSync(
    path.join(root, 'afn/manifest.yaml'),
    manifest('https://example.invalid/afn/1.0.0', `dependencies: [{ schema_url: '${dependency}' }]`),
  )
  writeFileSync(path.join(root, 'afn/b.yaml'), ours)
  return () => validate(loadRegistries(root))
}

const file = (text: string) => `file_format: definition/2\n${text}`
const attribute = (text: string) => file(`attributes: [{ ${text} }]`)
const metric = (text: string) => file(`metrics: [{ name: afn.m, ${text} }]`)

it('accepts attributes, enums, metrics and references to upstream', () => {
  expect(check(attribute(`key: afn.x, type: double, ${about}, examples: [1]`))).not.toThrow()
  expect(check(attribute(`key: afn.x, type: { members: [{ id: a.b, value: A, ${about} }] }, ${about}`))).not.toThrow()
  expect(
    check(
      metric(
        `instrument: counter, unit: '{USD}', ${about}, attributes: [{ ref: gen_ai.a, requirement_level: required }]`,
      ),
    ),
  ).not.toThrow()
})

it.each<[name: string, yaml: string, message: RegExp]>([
  ['a file without a format', `attributes: []`, /afn\/b\.yaml: does not start with "file_format/],
  ['an unknown list', file('attribute: []'), /unknown list "attribute"/],
  ['a list that is none', file('attributes: 3'), /"attributes" is not a list/],
  ['an entry that is none', file('attributes: [x]'), /an entry of attributes: is not a mapping/],
  ['no brief', attribute('key: afn.x, type: int, stability: stable'), /afn\.x: has no "brief"; it is required/],
  [
    'an unknown type',
    attribute(`key: afn.x, type: float, ${about}`),
    /afn\.x: has a "type" that is not allowed: "float"/,
  ],
  [
    'an unknown field',
    attribute(`key: afn.x, type: int, unit: s, ${about}`),
    /afn\.x: has an unknown field "unit"; remove it/,
  ],
  [
    'a member without value',
    attribute(`key: afn.x, type: { members: [{ id: a, ${about} }] }, ${about}`),
    /member a has no "value"/,
  ],
  [
    'a member id in capitals',
    attribute(`key: afn.x, type: { members: [{ id: A, value: a, ${about} }] }, ${about}`),
    /member with the id "A"; use lower case/,
  ],
  [
    'two members with one id',
    attribute(
      `key: afn.x, type: { members: [{ id: a, value: a, ${about} }, { id: a, value: b, ${about} }] }, ${about}`,
    ),
    /two members with the id "a"/,
  ],
  ['a key in capitals', attribute(`key: afn.X, type: int, ${about}`), /afn\.X: is no name that OpenTelemetry allows/],
  [
    "a key in upstream's namespace",
    attribute(`key: gen_ai.b, type: int, ${about}`),
    /gen_ai\.b: is not ours to define; names begin with afn\./,
  ],
  ['a key that upstream has', attribute(`key: gen_ai.a, type: int, ${about}`), /gen_ai\.a: is defined twice/],
  [
    'a name below a name',
    file(`attributes: [{ key: afn.x.y, type: int, ${about} }, { key: afn.x, type: int, ${about} }]`),
    /afn\.x\.y: afn\.x is a name already/,
  ],
  [
    'a rename without a target',
    attribute(`key: afn.x, type: int, ${about}, deprecated: { reason: renamed, note: n }`),
    /without "renamed_to"; name the successor/,
  ],
  [
    'a rename to nothing',
    attribute(`key: afn.x, type: int, ${about}, deprecated: { reason: renamed, renamed_to: afn.y, note: n }`),
    /renamed to afn\.y, which is not defined/,
  ],
  [
    'a deprecation without a note',
    attribute(`key: afn.x, type: int, ${about}, deprecated: { reason: obsoleted }`),
    /without a "note"/,
  ],
  [
    'an unknown unit',
    metric(`instrument: counter, unit: USD, ${about}`),
    /afn\.m: has the unit "USD"; use one of .*\{USD\}/,
  ],
  [
    'a histogram without buckets',
    metric(`instrument: histogram, unit: s, ${about}`),
    /without annotations\.afn\.buckets/,
  ],
  [
    'buckets that fall',
    metric(`instrument: histogram, unit: s, ${about}, annotations: { afn.buckets: [1, 1] }`),
    /buckets that do not rise/,
  ],
  [
    'an unknown reference',
    metric(`instrument: counter, unit: s, ${about}, attributes: [{ ref: gen_ai.b }]`),
    /refers to gen_ai\.b, which is not defined; add it/,
  ],
  [
    'an unknown group',
    metric(`instrument: counter, unit: s, ${about}, attributes: [{ ref_group: afn.g }]`),
    /refers to the group afn\.g/,
  ],
  [
    'an unknown level',
    metric(`instrument: counter, unit: s, ${about}, attributes: [{ ref: gen_ai.a, requirement_level: always }]`),
    /gen_ai\.a at level "always"; use one of required/,
  ],
  [
    'a refinement of nothing',
    file(`event_refinements: [{ id: afn.r, ref: gen_ai.z, ${about} }]`),
    /afn\.r: refines gen_ai\.z, which is not defined/,
  ],
  [
    'buckets that fall',
    metric(`instrument: histogram, unit: s, ${about}, annotations: { afn.buckets: [2, 1] }`),
    /has buckets that do not rise/,
  ],
])('refuses %s', (_, yaml, message) => {
  expect(check(yaml)).toThrow(message)
})

it('refuses a dependency of which there is no copy', () => {
  expect(check(file('attributes: []'), 'https://example.invalid/other/2.0.0')).toThrow(
    /depends on .*other\/2\.0\.0, of which there is no copy/,
  )
})

it('names every problem, and the file whose YAML does not parse', () => {
  const two = file(`attributes: [{ key: afn.X, type: int, ${about} }, { key: afn.Y, type: int, ${about} }]`)
  expect(check(two)).toThrow(/afn\.X[\s\S]*afn\.Y/)
  expect(check('a: [')).toThrow(/afn\/b\.yaml/)
})
