// What `afn-otel doctor` says of names in the environment and of generated files.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as semconv from '../../../semconv'
import { generateFiles } from '../../../src/pipeline/deployment/generate'
import { planOf } from '../../../src/pipeline/deployment/plan'
import { generatedCheck } from '../../../src/pipeline/doctor/generated'
import { nameCheck } from '../../../src/pipeline/doctor/unread-variables'

describe('names of variables', () => {
  it.each([
    ['AFN_HMACKEY', 'AFN_HMAC_KEY'],
    ['AFN_CAPTURE_CONTNET', 'AFN_CAPTURE_CONTENT'],
    ['OTEL_SERVICENAME', 'OTEL_SERVICE_NAME'],
    ['OTEL_EXPORTER_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    ['OTEL_EXPORTER_OTLP_ENPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    ['AFN_PROMETHEUS_URI', 'AFN_PROMETHEUS_URL'],
  ])('%s: did you mean %s?', (name, meant) => {
    expect(nameCheck({ [name]: 'x' })).toMatchObject({ ok: false, detail: expect.stringContaining(`mean ${meant}?`) })
  })

  it("leaves alone what is no slip: other SDKs' variables and the app's own", () => {
    const env = { OTEL_PYTHON_LOG_CORRELATION: '1', AFN_DATABASE_PASSWORD: 'x', PATH: '/bin' }
    expect(nameCheck(env)).toMatchObject({
      ok: true,
      detail: 'unknown, and ignored: AFN_DATABASE_PASSWORD, OTEL_PYTHON_LOG_CORRELATION',
    })
  })

  it('knows every variable that the source reads', () => {
    const root = path.resolve(import.meta.dirname, '../../../src')
    const sources = (readdirSync(root, { recursive: true }) as string[]).filter(file => file.endsWith('.ts'))
    const read = sources.flatMap(file => {
      const text = readFileSync(path.join(root, file), 'utf8')
      const names = [...text.matchAll(/(?:env\??\.|\$\{(?:env:)?|placeholder\('|required\(')(AFN_[A-Z\d_]+)/g)]
      // a constant of the registry in a template is no variable of the environment
      return names.map(([, name]) => name!).filter(name => !Object.hasOwn(semconv, name))
    })
    expect(read).toContain('AFN_TEMPO_URL')
    expect(nameCheck(Object.fromEntries(read.map(name => [name, 'x'])))).toMatchObject({ detail: 'all known' })
  })
})

describe('generated files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-doctor-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are not looked for in a folder that has none', () => {
    expect(generatedCheck(folder, undefined, { sloFiles: [] })).toMatchObject({ ok: true, skipped: true })
  })

  it('hold, until the table or a file changes', () => {
    for (const { path: file, content } of generateFiles(planOf('laptop'))) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      writeFileSync(path.join(folder, file), content)
    }
    expect(generatedCheck(folder, undefined, { sloFiles: [] })).toMatchObject({
      ok: true,
      detail: expect.stringContaining('laptop'),
    })
    const changed = generatedCheck(folder, { retention: { traces: { errors: 120 } } }, { sloFiles: [] })
    expect(changed).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/tempo-overrides\.yaml.*--profile laptop/),
    })
    rmSync(path.join(folder, 'tempo.yaml'))
    expect(generatedCheck(folder, undefined, { sloFiles: [] }).detail).toContain(
      'tempo.yaml (missing) differs from the settings',
    )
  })
})
