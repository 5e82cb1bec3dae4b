// The resource, against OpenTelemetry's own: `merge()` and `resourceFromAttributes()` are those of its SDK.
import { resourceFromAttributes } from '@opentelemetry/resources'
import { expect, it } from 'vitest'
import { createResource } from '../../../src/app/sdk/resource'
import { resolve } from '../../../src/shared/config/resolve'
import { createRedactor } from '../../../src/shared/redact'

const redaction = { redactor: createRedactor(), keyId: undefined, rules: undefined }
const settingsOf = (env: Record<string, string> = {}) =>
  resolve({ env, cwd: '/nowhere', parseYaml: JSON.parse }).settings
const mail = 'bob.miller@example.com'

it('the resource is redacted by its attributes, its raw attributes, and merged with another', () => {
  const settings = settingsOf({ OTEL_RESOURCE_ATTRIBUTES: `owner=${mail}` })
  const resource = createResource(settings, {}, redaction, { resource: resourceFromAttributes({ contact: mail }) })
  const merged = resource.merge(resourceFromAttributes({ other: mail }))
  const theirs = resourceFromAttributes({ first: 'x' }).merge(resource)
  for (const one of [resource, merged, theirs]) {
    expect(JSON.stringify([one.attributes, one.getRawAttributes()])).not.toContain(mail)
  }
  expect(resource.attributes.owner).toBeDefined()
  expect(theirs.attributes.contact).toBeDefined()
})

it.each([
  ['package.json, where nothing else says it', {}, {}, 'from-package'],
  ['the environment before package.json', { OTEL_SERVICE_NAME: 'from-env' }, {}, 'from-env'],
  [
    'OTEL_SERVICE_NAME before OTEL_RESOURCE_ATTRIBUTES, as the specification has it',
    { OTEL_SERVICE_NAME: 'from-env', OTEL_RESOURCE_ATTRIBUTES: 'service.name=from-attributes' },
    {},
    'from-env',
  ],
  [
    "the app's own resource before the environment",
    { OTEL_SERVICE_NAME: 'from-env' },
    { resource: resourceFromAttributes({ 'service.name': 'own' }) },
    'own',
  ],
  [
    'none of a resource that only has the default of the SDK',
    {},
    { resource: resourceFromAttributes({ 'service.name': 'unknown_service:node' }) },
    'from-package',
  ],
])('the name of the service is that of %s', (_, env, own, expected) => {
  const resource = createResource(settingsOf(env), { name: 'from-package' }, redaction, own)
  expect(resource.attributes['service.name']).toBe(expected)
})

it.each([
  ['the environment', { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=staging' }, {}, 'staging'],
  [
    "the app's own resource, before the environment",
    { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=staging' },
    { resource: resourceFromAttributes({ 'deployment.environment': 'qa' }) },
    'qa',
  ],
  [
    'none of an old name, where the name of today says it',
    { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=staging,deployment.environment.name=production' },
    {},
    'production',
  ],
])('the environment that is said by its old name is that of %s', (_, env, own, expected) => {
  const resource = createResource(settingsOf(env), {}, redaction, own)
  expect(resource.attributes['deployment.environment.name']).toBe(expected)
})

it('the resource waits for attributes that come late, and redacts them too', async () => {
  const late = resourceFromAttributes({ contact: Promise.resolve(mail), zone: Promise.resolve('eu-1') })
  const resource = createResource(settingsOf(), {}, redaction, { resource: late })
  expect(resource.asyncAttributesPending).toBe(true)
  await resource.waitForAsyncAttributes?.()
  expect(resource.asyncAttributesPending).toBe(false)
  expect(resource.attributes).toMatchObject({ zone: 'eu-1' })
  expect(JSON.stringify(resource.attributes)).not.toContain(mail)
})

it('a process is identified by its pid and when it was created, as the conventions require of its metrics', () => {
  const { attributes } = createResource(settingsOf(), {}, redaction)
  expect(attributes['process.pid']).toBe(process.pid)
  const created = Date.parse(String(attributes['process.creation.time']))
  expect(Math.abs(created - (Date.now() - process.uptime() * 1_000))).toBeLessThan(10_000)
})
