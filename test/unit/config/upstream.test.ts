// Values of OTEL_* variables, read by us and, side by side, by OpenTelemetry's own SDK for Node.js (sdk-node, core and
// otlp-exporter-base of node_modules). Where the two differ, the table of differences says what the specification wants:
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
import { createRequire } from 'node:module'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { createPropagator } from '../../../src/app/sdk/propagation'
import { otlpTarget } from '../../../src/shared/config/otlp'
import { type Resolved, resolve } from '../../../src/shared/config/resolve'

// as bundled into dist/chunks
vi.mock('../../../src/app/chunks', async () => ({ loadChunk: await chunk() }))
async function chunk() {
  const propagators = await import('../../../src/app/sdk/propagators')
  return () => propagators
}

const require = createRequire(import.meta.url)
/** Past the packages' exports: what reads variables is private there. */
const inside = (file: string) => require(path.resolve('node_modules/@opentelemetry', file))
const core = inside('core/dist/index.cjs')
const fromEnv = inside('sdk-node/dist/create-from-env.cjs')
const node = inside('sdk-node/dist/utils.cjs')
const otlp = inside('otlp-exporter-base/dist/platform/node/configuration/otlp-node-http-env-configuration.cjs')
const { envDetector } = inside('resources/dist/index.cjs')

type Env = Record<string, string>
interface Variable {
  readonly names: readonly string[]
  readonly values: readonly string[]
  /** Both tell what they made of the value, in one form; `undefined` where they go on with their default. */
  ours(resolved: Resolved, name: string): unknown
  upstream(name: string): unknown
  /** What the specification wants instead of upstream's answer, by value, and why. */
  readonly differs?: Readonly<Record<string, readonly [wanted: unknown, why: string]>>
}

const none = ['', ' ']
const numbers = [
  ...none,
  '7',
  ' 7 ',
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  'soon',
  'true',
  '999999999999',
  'Infinity',
  'NaN',
  '7,8',
]
const integer = 'an integer, of a range that its users can take; all else counts as not set'
const tooLarge = 'a timer of Node.js takes 2^31-1 ms and fires at once for more; counts as not set'
const fractions = { '1.5': [undefined, integer], Infinity: [undefined, integer] } as const
const times = { ...fractions, '999999999999': [undefined, tooLarge] } as const
const noLimit = [2 ** 31 - 1, 'a timeout of 0 is no limit'] as const

/** What a setting got from its variable. */
function setting(resolved: Resolved, variable: string): unknown {
  const found = Object.entries(resolved.provenance).find(([, { at }]) => at === variable)
  return found && resolved.settings[found[0] as keyof Resolved['settings']]
}

const positive = (name: string) => node.getNonNegativeNumberFromEnv(name)
const batch = ['BSP', 'BLRP'].flatMap(prefix =>
  ['MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE'].map(n => `OTEL_${prefix}_${n}`),
)
const limits: Readonly<Record<string, string>> = {
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: 'attributeCountLimit',
  OTEL_ATTRIBUTE_COUNT_LIMIT: 'attributeCountLimit',
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: 'attributeValueLengthLimit',
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: 'attributeValueLengthLimit',
  OTEL_SPAN_EVENT_COUNT_LIMIT: 'eventCountLimit',
  OTEL_SPAN_LINK_COUNT_LIMIT: 'linkCountLimit',
  OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT: 'attributePerEventCountLimit',
  OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT: 'attributePerLinkCountLimit',
}
const exporters = (names: readonly string[] | undefined) => names?.filter(name => name !== 'none').sort()
const signals = ['TRACES', 'METRICS', 'LOGS'] as const
const perSignal = (name: string) =>
  ['', ...signals.map(signal => `${signal}_`)].map(s => `OTEL_EXPORTER_OTLP_${s}${name}`)
/** The signal whose exporter shows a variable's effect. */
const signalOf = (name: string) => signals.find(signal => name.includes(signal)) ?? 'TRACES'
const upstreamOtlp = (name: string) =>
  otlp.getNodeHttpConfigurationFromEnvironment(signalOf(name), `v1/${signalOf(name).toLowerCase()}`)
const ourOtlp = ({ settings }: Resolved, name: string) =>
  otlpTarget(signalOf(name).toLowerCase() as 'traces' | 'metrics' | 'logs', settings)

const variables: Variable[] = [
  {
    names: ['OTEL_SDK_DISABLED'],
    values: [...none, 'true', 'TRUE', ' True ', 'false', '1', '0', 'yes', 'on', 'tru'],
    ours: ({ settings }) => settings.disabled,
    upstream: name => core.getBooleanFromEnv(name),
  },
  {
    names: ['OTEL_BSP_SCHEDULE_DELAY', 'OTEL_BLRP_SCHEDULE_DELAY'],
    values: numbers,
    ours: setting,
    upstream: positive,
    differs: { ...times, 0: [0, 'a duration is not negative: 0 is one'] },
  },
  {
    names: ['OTEL_METRIC_EXPORT_INTERVAL'],
    values: numbers,
    ours: setting,
    upstream: positive,
    differs: times,
  },
  {
    names: ['OTEL_BSP_EXPORT_TIMEOUT', 'OTEL_BLRP_EXPORT_TIMEOUT', 'OTEL_METRIC_EXPORT_TIMEOUT'],
    values: numbers,
    ours: setting,
    upstream: positive,
    differs: { ...times, 0: noLimit },
  },
  { names: batch, values: numbers, ours: setting, upstream: positive, differs: fractions },
  {
    names: Object.keys(limits),
    values: numbers,
    ours: setting,
    upstream: name => fromEnv.createSpanLimitsFromEnv()[limits[name] as string],
    differs: { ...fractions, '-1': [undefined, 'valid values are not negative'] },
  },
  {
    names: ['OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT', 'OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
    values: numbers,
    ours: setting,
    upstream: positive,
    differs: { ...fractions, 0: [0, 'valid values are not negative: 0 is one'] },
  },
  {
    names: perSignal('TIMEOUT'),
    values: numbers,
    ours: (resolved, name) => (resolved.problems.length > 0 ? undefined : setting(resolved, name)),
    upstream: name => upstreamOtlp(name).timeoutMillis,
    differs: { '1.5': fractions['1.5'], '999999999999': times['999999999999'], 0: noLimit },
  },
  {
    names: perSignal('COMPRESSION'),
    values: [...none, 'gzip', 'none', ' gzip ', 'GZIP', 'deflate', 'gzip,none'],
    ours: setting,
    upstream: name => upstreamOtlp(name).compression?.trim() || undefined,
    differs: { GZIP: ['gzip', 'the case of an enum does not matter'] },
  },
  {
    names: perSignal('HEADERS'),
    values: [
      ...none,
      'a=1',
      'a=1,b=two%20words',
      ' a = 1 , b = 2 ',
      'a=1,,b=2,',
      'a=1,b',
      '=x,a=1',
      'a=100%,b=2',
      'a=b%3Dc',
      'a=b=c',
      'b',
      'a=x%0d%0ay,b=2',
    ],
    ours: (resolved, name) => ourOtlp(resolved, name).headers,
    // made anew by each export
    upstream: async name => (await upstreamOtlp(name).headers?.()) ?? {},
    differs: { 'a=x%0d%0ay,b=2': [{ b: '2' }, 'no request could be sent with such a header'] },
  },
  {
    names: perSignal('ENDPOINT'),
    values: [
      ...none,
      'http://c:4318',
      'http://c:4318/base/',

      'https://bob:pw@c',
      'c:4318',
      'ftp://c',
      'x',
    ],
    ours: (resolved, name) => {
      const { url } = ourOtlp(resolved, name)
      return url.startsWith('http://localhost:4318/') ? undefined : new URL(url).href
    },
    upstream: name => {
      const { url } = upstreamOtlp(name)
      return url && new URL(url).href
    },
    differs: {
      'c:4318': [undefined, 'not a scheme of OTLP/HTTP'],
      'ftp://c': [undefined, 'not a scheme of OTLP/HTTP'],
    },
  },
  {
    names: ['OTEL_TRACES_EXPORTER'],
    values: [
      ...none,
      'otlp',
      'console',
      'none',
      'otlp,console',
      'console , otlp',
      'otlp,otlp',
      'otlp,zip',
      'zip',
      'OTLP',
      'none,otlp',
      'otlp,none',
    ],
    ours: ({ settings }) => exporters(settings.tracesExporter),
    upstream: () =>
      exporters(
        node
          .getSpanProcessorsFromEnv()
          .map(({ _exporter }: { _exporter: object }) =>
            _exporter.constructor.name === 'ConsoleSpanExporter' ? 'console' : 'otlp',
          ),
      ),
    differs: {
      zip: [['otlp'], 'a value that is not recognised is ignored, so that the default counts'],
      OTLP: [['otlp'], 'the case of an enum does not matter'],
      'otlp,none': [[], 'none wins in either order, as it does upstream for metrics and logs'],
    },
  },
  {
    names: ['OTEL_PROPAGATORS'],
    values: [
      ...none,
      'tracecontext',
      'tracecontext,b3',
      'b3multi',
      'jaeger,baggage',
      'b3,b3',
      'none',
      'b3,none',
      'b4,b3',
      'b4',
      'B3',
      'ottrace',
    ],
    ours: ({ settings }) =>
      createPropagator({ ...settings, trustBaggage: true })
        .fields()
        .sort(),
    upstream: () => {
      const found = node.getPropagatorFromEnv()
      return found === undefined ? ['baggage', 'traceparent', 'tracestate'] : (found?.fields() ?? []).sort()
    },
    differs: {
      b4: [
        ['baggage', 'traceparent', 'tracestate'],
        'a value that is not recognised is ignored, so that the default counts',
      ],
      ottrace: [
        ['baggage', 'traceparent', 'tracestate'],
        'third party and deprecated; ignored, so that the default counts',
      ],
      B3: [['b3'], 'the case of an enum does not matter'],
      'jaeger,baggage': [
        ['baggage', 'uber-trace-id'],
        'deprecated by the specification, and in use; SDK 3 has dropped it',
      ],
    },
  },
  {
    names: ['OTEL_TRACES_SAMPLER'],
    values: [
      ...none,
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_traceidratio',
      'ALWAYS_OFF',
      'xray',
      'jaeger_remote',
    ],
    ours: setting,
    upstream: () => {
      const name = fromEnv.createSamplerFromEnv()?.toString() as string | undefined
      const words: [RegExp, string][] = [
        [/^AlwaysOn/, 'always_on'],
        [/^AlwaysOff/, 'always_off'],
        [/^TraceIdRatio/, 'traceidratio'],
        [/^ParentBased\{root=AlwaysOn/, 'parentbased_always_on'],
        [/^ParentBased\{root=TraceId/, 'parentbased_traceidratio'],
      ]
      return name && words.find(([pattern]) => pattern.test(name))?.[1]
    },
    differs: { ALWAYS_OFF: ['always_off', 'the case of an enum does not matter'] },
  },
  {
    names: ['OTEL_TRACES_SAMPLER_ARG'],
    values: [...none, '0.25', ' 0.25 ', '0', '1', '1.5', '-1', 'half', 'NaN', '0.25,0.5'],
    ours: ({ settings }) => settings.samplerArg,
    upstream: () => {
      process.env.OTEL_TRACES_SAMPLER = 'traceidratio'
      return Number(/[\d.]+/.exec(fromEnv.createSamplerFromEnv().toString())?.[0])
    },
  },
  {
    names: ['OTEL_NODE_RESOURCE_DETECTORS'],
    values: ['env', 'host,os', ' process , env ', 'env,host,heroku', 'none', 'env,none', 'serviceinstance', 'HOST'],
    ours: ({ settings }) => settings.resourceDetectors.filter(name => name !== 'none').sort(),
    upstream: () =>
      node
        .getResourceDetectorsFromEnv()
        .map((detector: object) => detector.constructor.name.replace(/Detector$/, '').toLowerCase())
        .map((name: string) => (name === 'serviceinstanceid' ? 'serviceinstance' : name))
        .sort(),
    differs: { HOST: [['host'], 'the case of an enum does not matter'] },
  },
  {
    names: ['OTEL_RESOURCE_ATTRIBUTES'],
    values: [
      ...none,
      'a=1',
      'a=1,b=two%20words',
      ' a = 1 , b = 2 ',
      'a=1,,b=2,',
      'a=%E3%81%82',
      'a%3Db=%2C',
      'a=',
      'a=1,b',
      '=x,a=1',
      'a=100%,b=2',
      'a=b=c',
    ],
    ours: ({ settings }) => settings.resourceAttributes,
    upstream: () => envDetector.detect().attributes,
  },
]

describe.each(variables.flatMap(variable => variable.names.map(name => ({ name, variable }))))(
  '$name means to us what it means to OpenTelemetry',
  ({ name, variable: { values, ours, upstream, differs = {} } }) => {
    const before = { ...process.env }
    afterEach(() => {
      for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key]
    })

    it.each(values)('when it is "%s"', async value => {
      const env: Env = { [name]: value }
      process.env[name] = value
      const theirs = await upstream(name)
      const own = ours(resolve({ env, cwd: '/', parseYaml: parse }), name)
      const difference = differs[value]
      expect(own).toEqual(difference ? difference[0] : theirs)
      // a difference that has gone has no place in the table
      if (difference) expect(theirs).not.toEqual(own)
    })
  },
)

describe('what is wrong with a part of a value', () => {
  const problems = (env: Env) => resolve({ env, cwd: '/', parseYaml: parse }).problems.map(({ message }) => message)

  it.each([
    [
      { OTEL_TRACES_EXPORTER: 'otlp,zipkin' },
      /^OTEL_TRACES_EXPORTER: "zipkin" is left out; use a comma-separated list of otlp/,
    ],
    [{ OTEL_PROPAGATORS: 'tracecontext,ottrace' }, /^OTEL_PROPAGATORS: "ottrace" is left out/],
    [{ OTEL_NODE_RESOURCE_DETECTORS: 'env,host,heroku' }, /^OTEL_NODE_RESOURCE_DETECTORS: "heroku" is left out/],
    [{ OTEL_SDK_DISABLED: '1' }, /^OTEL_SDK_DISABLED: "1" counts as false; use true or false$/],
    [
      { OTEL_EXPORTER_OTLP_HEADERS: 'a=1,hush' },
      /^OTEL_EXPORTER_OTLP_HEADERS: pair 2 has no name or no "=" and is left out/,
    ],
    [
      { OTEL_RESOURCE_ATTRIBUTES: 'a=1,b=50%' },
      /^OTEL_RESOURCE_ATTRIBUTES=the value given is not allowed \(pair 2 \(b\) is not percent-encoded\)/,
    ],
    [
      { AFN_REDACTION_TYPES: 'EMAIL=pseudonym,CARD=partal' },
      /^AFN_REDACTION_TYPES: CARD=partal is not one of these and is left out/,
    ],
  ])('is said of that part alone: %j', (env, message) => {
    const said = problems(env as Env)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(message)
  })

  it('is not a blank around a URL, behind which upstream puts its path', () => {
    const { settings } = resolve({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: ' http://c:4318/x ' },
      cwd: '/',
      parseYaml: parse,
    })
    expect(otlpTarget('traces', settings).url).toBe('http://c:4318/x/v1/traces')
  })

  it('is said of each part of each variable, one by one', () => {
    expect(
      problems({ OTEL_PROPAGATORS: 'b3,x,y', OTEL_LOGS_EXPORTER: 'otlp,z', OTEL_BSP_SCHEDULE_DELAY: '-1' }),
    ).toHaveLength(4)
  })
})
