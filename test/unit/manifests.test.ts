// compose.yaml and the Kubernetes manifests are what those who read them take: the schema of the Compose specification,
// which dclint brings, and Kubernetes' own types, which kubernetes-types makes from its OpenAPI document.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { defaultAlerting } from '../../src/pipeline/deployment/alerting'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { configMap } from '../../src/pipeline/deployment/kubernetes/object'
import { planOf } from '../../src/pipeline/deployment/plan'
import { documented } from '../folders/documented'

const modules = path.resolve(import.meta.dirname, '../node_modules')

describe('the schema of the Compose specification', () => {
  // its name of the dialect is none that Ajv knows
  const { $schema: _, ...schema } = JSON.parse(
    readFileSync(path.join(modules, 'dclint/schemas/compose.schema.json'), 'utf8'),
  )
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)
  const errorsIn = (document: unknown) => (validate(document) ? [] : validate.errors)

  it.each(['laptop', 'single'] as const)('holds of compose.yaml, %s', profile => {
    const file = generateFiles(planOf(profile)).find(({ path }) => path === 'compose.yaml')!
    expect(errorsIn(parse(file.content))).toEqual([])
  })

  it('knows the variables of the images that no test starts', () => {
    const file = generateFiles(planOf('single')).find(({ path }) => path === 'compose.yaml')!
    const { services } = parse(file.content) as { services: Record<string, { image: string; environment?: object }> }
    const pairs = Object.values(services).map(
      ({ image, environment = {} }) => [image.split(':')[0]!, Object.keys(environment)] as const,
    )
    const seen = new Map(pairs)
    for (const [image, names] of Object.entries(documented))
      expect(seen.get(image)!.filter(name => !names.includes(name))).toEqual([])
  })

  it('refuses a word that it does not know', () => {
    expect(errorsIn({ services: { a: { image: 'a', port: ['1:1'] } } })).not.toEqual([])
  })
})

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
}

/** Where kubernetes-types has a group of the API: `apps/v1`, and `core/v1` for those without a group. */
const moduleOf = ({ apiVersion }: Manifest): string =>
  apiVersion.includes('/') ? apiVersion.replace('.k8s.io', '') : `core/${apiVersion}`

/** What TypeScript says of the manifests as literals of their types: literals may hold no field that the type has not. */
function errorsIn(manifests: readonly Manifest[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-manifests-'))
  const file = path.join(folder, 'manifests.ts')
  const typed = manifests.map(
    (manifest, n) =>
      `const m${n}: import(${JSON.stringify(path.join(modules, 'kubernetes-types', moduleOf(manifest)))}).${manifest.kind} = ${JSON.stringify(manifest, null, 1)}`,
  )
  writeFileSync(file, `${typed.join('\n')}\nexport {}\n`)
  try {
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler']
    execFileSync(process.execPath, [path.join(modules, '../../node_modules/typescript/bin/tsc'), ...options, file], {
      cwd: folder,
    })
    return ''
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout ?? error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('ConfigMaps of the cluster', () => {
  const [slo] = defaultAlerting().slos
  const alertingOf = (count: number) => ({
    ...defaultAlerting(),
    slos: Array.from({ length: count }, (_, n) => ({ ...slo!, id: `${slo!.id}-${n}` })),
  })
  const mapsOf = (count: number) =>
    generateFiles(planOf('cluster'), alertingOf(count))
      .filter(({ path: file }) => file.startsWith('k8s/'))
      .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS()))
      .filter(({ kind }) => kind === 'ConfigMap')

  it('are each small enough for any way to apply them, with a hundred objectives', () => {
    const maps = mapsOf(100)
    expect(maps.length).toBeGreaterThan(100)
    // what client-side apply has to write into an annotation
    for (const map of maps) expect(JSON.stringify(map).length, map.metadata.name).toBeLessThan(256 * 1_024)
    expect(new Set(maps.map(({ metadata }) => metadata.name)).size).toBe(maps.length)
  })

  it('name what Kubernetes would refuse for its size', () => {
    expect(() => configMap('tempo-config', { 'tempo.yaml': 'x'.repeat(2 ** 20) })).toThrow(
      /the ConfigMap tempo-config would have 1048576 bytes.*make tempo\.yaml smaller/,
    )
  })
})

describe("Kubernetes' types", () => {
  const manifests = generateFiles(planOf('cluster'))
    .filter(({ path: file }) => file.startsWith('k8s/'))
    .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS() as Manifest))

  it('hold of every manifest', () => {
    expect(manifests.length).toBeGreaterThan(20)
    expect(errorsIn(manifests)).toBe('')
  })

  it.each([
    ['a field that is not there', { spec: { replica: 1, selector: {}, template: {} } }, /replica\W+ does not exist/],
    ['a value of another type', { spec: { replicas: '1', selector: {}, template: {} } }, /'string' is not assignable/],
    ['a field that is missing', { spec: { selector: {} } }, /'template' is missing/],
  ])('refuse %s', (_, wrong, message) => {
    expect(errorsIn([{ apiVersion: 'apps/v1', kind: 'Deployment', ...wrong }])).toMatch(message)
  })
})
