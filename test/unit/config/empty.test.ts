// A variable that is set to nothing is unset, as the OpenTelemetry specification has it for its own ("The SDK MUST interpret an
// empty value of an environment variable the same way as when the variable is unset"), whoever reads it.

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { legs, runEnvironment } from '../../../src/cli/collector/launch'
import { defaultOf, variableNames } from '../../../src/pipeline/deployment/environment'
import { generateFiles } from '../../../src/pipeline/deployment/generate'
import { planOf } from '../../../src/pipeline/deployment/plan'
import { type ProfileName, profiles } from '../../../src/pipeline/deployment/profiles'
import { prometheusChecks } from '../../../src/pipeline/doctor/prometheus'
import { withoutEmpty } from '../../../src/shared/config/empty-variables'
import { resolve } from '../../../src/shared/config/resolve'
import { settings } from '../../../src/shared/config/settings'

const variables = Object.values(settings).flatMap(({ env }) => env)
const resolved = (env: Record<string, string>) => resolve({ env, cwd: '/', parseYaml: parse })

describe.each([
  ['empty', ''],
  ['blank', ' \t'],
])('a variable that is %s', (_, value) => {
  it.each(variables)('%s is unset', name => expect(resolved({ [name]: value })).toEqual(resolved({})))

  it('is unset when all of them are', () => {
    const all = Object.fromEntries([...variables, 'AFN_CONFIG'].map(name => [name, value.trim()]))
    expect(resolved(all)).toEqual(resolved({}))
  })

  it('never reaches a Collector, which would take it for a value', () => {
    const env = Object.fromEntries(variableNames.map(name => [name, value]))
    const cache = { cache: '/nowhere' }
    expect(Object.values(withoutEmpty(env))).toEqual([])
    expect(withoutEmpty({ ...env, PATH: '', OTHER: value })).toEqual({ PATH: '', OTHER: value })
    const filled = runEnvironment(
      { ...env, AFN_HMAC_KEY: 'k'.repeat(32), AFN_INGEST_TOKEN: 't' },
      cache as never,
      () => {},
    )
    expect(Object.values(filled).filter(text => text?.trim() === '')).toEqual([])
  })
})

describe('a generated compose file', () => {
  it.each(Object.keys(profiles) as ProfileName[])(
    'passes nothing empty to a Collector that has a default: %s',
    profile => {
      const compose = generateFiles(planOf(profile)).find(({ path }) => path === 'compose.yaml')
      if (!compose) return
      const { services } = parse(compose.content) as {
        services: Record<string, { environment?: Record<string, string> }>
      }
      const empty = Object.entries(services['otel-collector']?.environment ?? {}).filter(([, value]) =>
        /\$\{\w+:-\}/.test(value),
      )
      expect(empty.filter(([name]) => defaultOf(name as never) !== '')).toEqual([])
    },
  )
})

describe('AFN_PROMETHEUS', () => {
  const plan = planOf('single')
  it('is an address: a path gets the name of the variable that it belongs into', async () => {
    expect(() =>
      runEnvironment({ AFN_PROMETHEUS: '/usr/bin/prometheus' }, { cache: '/nowhere' } as never, () => {}),
    ).toThrow(
      'AFN_PROMETHEUS=/usr/bin/prometheus is not a URL such as http://prometheus:9090; to set the binary for afn-otel up --prometheus, use PROMETHEUS_BIN',
    )
    const [check] = await prometheusChecks({ AFN_PROMETHEUS: '/usr/bin/prometheus' }, [plan])
    expect(check).toMatchObject({ ok: false, detail: expect.stringContaining('PROMETHEUS_BIN') })
  })

  it('is named in all its resolutions where metrics go', () => {
    const config = generateFiles(plan).find(({ path }) => path === 'otel-collector.yaml')!.content
    const line = legs({ AFN_PROMETHEUS_LOW: 'http://me:secret@low:9090' }, config)
    expect(line).toContain('AFN_PROMETHEUS=http://prometheus:9090 AFN_PROMETHEUS_MEDIUM=http://prometheus-medium:9090')
    expect(line).toContain('AFN_PROMETHEUS_LOW=http://***@low:9090')
    expect(line).not.toContain('secret')
  })
})
