import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { readCosts } from '../../src/operations/cost/config'
import { defaultAlerting, defaultMonitoringFile } from '../../src/pipeline/deployment/alerting'
import { usedComponents } from '../../src/pipeline/deployment/components'
import { appEnvironment, missingSecrets, valuesIn } from '../../src/pipeline/deployment/env-files'
import generate, { folderFiles, generateFiles } from '../../src/pipeline/deployment/generate'
import { published } from '../../src/pipeline/deployment/hosts'
import { images } from '../../src/pipeline/deployment/images'
import { jobsOf } from '../../src/pipeline/deployment/jobs'
import { planOf } from '../../src/pipeline/deployment/plan'
import { storeExporters } from '../../src/pipeline/doctor/collector/components'
import { policies, retention } from '../../src/shared/tiers'

const root = path.resolve(import.meta.dirname, '../..')
const generated = generate()

test.each(generated)('$path is what the table says; run `npm run generate`', ({ path: file, content }) => {
  expect(readFileSync(path.join(root, file), 'utf8')).toBe(content)
})

// JSON has no comments: there it is a field
test.each(generated)('$path says before anything else that it is generated, and by which command', ({ content }) => {
  const [first, second] = content.split('\n')
  expect(first === '{' ? second : first).toMatch(
    /[Gg]enerated.*(?:afn-otel generate --profile single|npm run generate)/,
  )
})

describe('otel-collector.yaml', () => {
  const text = generated[0]!.content
  const config = parse(text)

  it('has every policy of the table, and health checks', () => {
    const names = config.processors['tail_sampling/keep'].policies.map((policy: { name: string }) => policy.name)
    expect(names).toEqual(['health_check', ...Object.keys(policies)])
  })

  it('judges errors alike in both samplers, or the tiers would not nest', () => {
    const errorsOf = (sampler: string) =>
      config.processors[sampler].policies.find((policy: { name: string }) => policy.name === 'errors')
    expect(errorsOf('tail_sampling/errors')).toEqual(errorsOf('tail_sampling/keep'))
  })

  it('says at each Tempo leg how long it keeps', () => {
    for (const [tier, days] of Object.entries(retention.traces)) {
      expect(text).toMatch(new RegExp(`otlp_grpc/tempo-${tier}:\n +# Kept for ${days} days`))
    }
  })

  it('limits memory and takes marks off first, and redacts, wherever anybody can send to', () => {
    type Pipeline = { receivers: string[]; processors?: string[]; exporters: string[] }
    const pipelines = Object.values<Pipeline>(config.service.pipelines)
    const open = pipelines.filter(({ receivers }) => receivers.includes('otlp'))
    expect(open).toHaveLength(3)
    for (const { processors = [], exporters } of open) {
      expect(processors.slice(0, 2)).toEqual(['memory_limiter', 'resource/unmark'])
      const next = pipelines.filter(({ receivers }) => receivers.some(name => exporters.includes(name)))
      const redacts = (names: string[] = []) => names.some(name => name.startsWith('redaction/'))
      expect(redacts(processors) || next.every(pipeline => redacts(pipeline.processors))).toBe(true)
    }
  })

  it('asks for the token where marks are believed', () => {
    expect(config.receivers['otlp/trusted'].protocols).toEqual({
      http: expect.objectContaining({ auth: { authenticator: 'bearertokenauth/ingest' } }),
    })
    expect(config.extensions['bearertokenauth/ingest']).toEqual({
      token: expect.stringMatching(/^\$\{env:AFN_INGEST_TOKEN\}$/),
    })
  })

  it('listens on loopback unless a setting says otherwise', () => {
    expect(text).not.toMatch(/:-0\.0\.0\.0/)
  })

  it('defines every component that a pipeline names, and uses every one that it defines', () => {
    const defined = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'].flatMap(kind =>
      Object.keys(config[kind]),
    )
    const pipelines = Object.values<Record<string, string[]>>(config.service.pipelines)
    const named = new Set([...config.service.extensions, ...pipelines.flatMap(p => Object.values(p).flat())])
    expect([...named].sort()).toEqual(defined.sort())
  })

  it('doubles every $ of a regular expression', () => {
    expect(text.match(/\$(?!\{env:|\$)/g)?.length).toBe(text.match(/\$\$/g)?.length)
  })
})

it('collector/files.yaml gives every leg that leaves the machine a file', () => {
  const { pipelines } = parse(generated[0]!.content).service
  const overlay = parse(generated[1]!.content)
  const leaving = Object.entries<{ exporters: string[] }>(pipelines)
    .filter(
      ([name, { exporters }]) =>
        /^(?:metrics|logs)\/in$/.test(name) ||
        exporters.some(name => !/^(?:forward|span_metrics|signal_to_metrics|count)/.test(name)),
    )
    .map(([name]) => name)
  expect(Object.keys(overlay.service.pipelines).sort()).toEqual(leaving.sort())
})

interface Service {
  readonly image: string
  readonly healthcheck: { readonly test: readonly string[] }
  readonly deploy: { readonly resources: { readonly limits: unknown } }
}

describe('the profiles', () => {
  it.each(['laptop', 'single', 'cluster'] as const)('%s keeps everything as long as the table says', profile => {
    const plan = planOf(profile)
    const of = Object.fromEntries(generateFiles(plan).map(file => [file.path, file.content]))
    const tenants = parse(of['tempo-overrides.yaml']!).overrides
    for (const [tier, days] of Object.entries(retention.traces)) {
      expect(tenants[`afn-${tier}`].compaction.block_retention).toBe(`${days}d`)
      // what an entry leaves out is 0, and a rate limit of 0 refuses everything
      expect(Object.keys(tenants[`afn-${tier}`].ingestion).sort()).toEqual([
        'burst_size_bytes',
        'max_attribute_bytes',
        'max_traces_per_user',
        'rate_limit_bytes',
      ])
    }
    expect(parse(of['prometheus.yml']!).storage.tsdb.retention.time).toBe(profile === 'laptop' ? '32d' : '7d')
    if (profile !== 'laptop') {
      expect(parse(of['prometheus-medium.yml']!).storage.tsdb.retention.time).toBe('32d')
      expect(parse(of['prometheus-low.yml']!).storage.tsdb.retention.time).toBe('365d')
    }
    const { exporters } = parse(of['otel-collector.yaml']!)
    const { limits_config: limits } = parse(of['loki.yaml'] ?? 'limits_config: {}')
    for (const [name, days] of Object.entries(retention.logs)) {
      if (profile === 'laptop') expect(exporters[`file/log-${name}`].rotation.max_days).toBe(days)
      else
        expect(limits.retention_stream).toContainEqual(
          expect.objectContaining({ selector: `{afn_logs_class="${name}"}`, period: `${days * 24}h` }),
        )
    }
  })

  it('keep the queues of an agent within its volume, above which a kubelet would end it', () => {
    const files = generateFiles(planOf('cluster'))
    const config = parse(files.find(({ path: file }) => file === 'otel-collector-agent.yaml')!.content)
    const [, daemon] = parseAllDocuments(files.find(({ path: file }) => file === 'k8s/agent.yaml')!.content)
    const { volumes } = daemon!.toJS().spec.template.spec
    const gibibytes = Number.parseInt(
      volumes.find(({ name }: { name: string }) => name === 'data').emptyDir.sizeLimit,
      10,
    )
    // traces, what waits for each of eight gateways, metrics and logs
    expect(11 * config.extensions['file_storage/queue'].max_size).toBeLessThan(gibibytes * 2 ** 30)
  })

  it('let senders from outside reach the edge where they are asked to, with the token alone', () => {
    const objectsOf = (own: object) =>
      generateFiles(planOf('cluster', own))
        .filter(({ path: file }) => file.startsWith('k8s/'))
        .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS()))
    const within = objectsOf({})
    const open = objectsOf({ edge: 'LoadBalancer' })
    expect(JSON.stringify(within)).not.toMatch(/LoadBalancer|ipBlock/)
    const outside = open.find(({ metadata }) => metadata.name === 'otel-agent-edge-outside')
    expect(outside.spec).toMatchObject({ type: 'LoadBalancer', ports: [{ port: 4319 }] })
    const admitted = open
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .flatMap(({ metadata, spec }) =>
        spec.ingress
          .filter(({ from }: { from: object[] }) => from.some(peer => 'ipBlock' in peer))
          .flatMap(({ ports }: { ports: { port: number }[] }) => ports.map(({ port }) => [metadata.name, port])),
      )
    expect(admitted).toEqual([['otel-agent-edge', 4319]])
    expect(() => planOf('cluster', { edge: 'Ingress' })).toThrow(
      'pipeline.edge is "Ingress"; write ClusterIP, NodePort, LoadBalancer',
    )
  })

  it('pull our own images, and no others, from the registry that is named, in each profile', () => {
    const imagesIn = (profile: 'laptop' | 'cluster', own: object) =>
      new Set(
        generateFiles(planOf(profile, { logs: 'files', langfuse: true, ...own }))
          .filter(({ path: file }) => file.startsWith('k8s/') || file === 'compose.yaml')
          .flatMap(({ content }) => [...content.matchAll(/^\s+(?:- )?image: (.+)$/gm)].map(([, image]) => image!)),
      )
    for (const profile of ['laptop', 'cluster'] as const) {
      const local = imagesIn(profile, {})
      const pulled = imagesIn(profile, { registry: 'registry.example.com:5000/team' })
      expect([...pulled].filter(image => !local.has(image))).toEqual([
        `registry.example.com:5000/team/${images.collector}`,
        `registry.example.com:5000/team/${images.commands}`,
      ])
      expect([...local].filter(image => !pulled.has(image))).toEqual([images.collector, images.commands])
    }
    for (const registry of ['https://registry.example.com', 'registry.example.com/team/', 'r.example.com/afn:1.0'])
      expect(() => planOf('cluster', { registry })).toThrow(`pipeline.registry is ${JSON.stringify(registry)}; write`)
  })

  it('scale gateways by hand and edge agents alone by themselves', () => {
    const objects = generateFiles(planOf('cluster'))
      .filter(({ path: file }) => file.startsWith('k8s/'))
      .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS()))
    const named = (kind: string) => objects.filter(object => object.kind === kind).map(({ metadata }) => metadata.name)
    expect(named('DaemonSet')).toEqual(['otel-agent'])
    expect(named('StatefulSet')).toContain('otel-gateway')
    expect(named('PodDisruptionBudget')).toEqual(['otel-agent-edge', 'otel-gateway', 'alertmanager'])
    const scalers = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    expect(scalers.map(({ spec }) => spec.scaleTargetRef)).toEqual([
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'otel-agent-edge' },
    ])
    const headless = objects.find(({ metadata }) => metadata.name === 'otel-gateway-headless')
    expect(headless.spec.clusterIP).toBe('None')
    // a policy for everything that is talked to, and none for what is not there
    const selected = objects
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .flatMap(({ spec }) => Object.values(spec.podSelector.matchLabels ?? {}))
    const pods = objects
      .flatMap(({ spec }) => [spec?.template, spec?.jobTemplate?.spec.template])
      .flatMap(template => Object.values(template?.metadata.labels ?? {}))
    expect([...new Set(selected)].sort()).toEqual([...new Set(pods)].sort())
  })

  it.each(['laptop', 'single', 'cluster'] as const)(
    '%s has a leg to LangFuse where there is one, and none elsewhere',
    profile => {
      const configOf = (langfuse: boolean) =>
        parse(
          generateFiles(planOf(profile, { langfuse })).find(({ path: file }) => file === 'otel-collector.yaml')!
            .content,
        )
      const hasLeg = (config: { exporters: object }) => 'otlp_http/langfuse' in config.exporters
      expect(planOf(profile).langfuse).toBe(profile === 'single')
      expect([true, false].map(langfuse => hasLeg(configOf(langfuse)))).toEqual([true, false])
      const services = (langfuse: boolean) => {
        const compose = generateFiles(planOf(profile, { langfuse })).find(({ path: file }) => file === 'compose.yaml')
        return compose ? Object.keys(parse(compose.content).services).filter(name => name.startsWith('langfuse')) : []
      }
      expect(services(true).length).toBe({ laptop: 1, single: 7, cluster: 0 }[profile])
      expect(services(false)).toEqual([])
    },
  )

  it.each(['laptop', 'single', 'cluster'] as const)('has budgets of %s speak as all alerts do', profile => {
    const alerting = defaultAlerting()
    const japanese = { ...alerting, alerts: { ...alerting.alerts, language: 'ja' as const } }
    const packaged = { dockerfile: '', manifest: '', components: [], commands: [], runbooks: [] }
    const files = folderFiles(planOf(profile), japanese, packaged)
    const watches = files.flatMap(({ content }) => content.match(/"cost",\s*"budget".*?\]/gs) ?? [])
    expect(watches.length).toBeGreaterThan(0)
    for (const watch of watches) expect(watch).toMatch(/"--language",\s*"ja"/)
  })

  it('runs the jobs whose places it knows, and refuses half of what an erasure has to see', () => {
    const named = (jobs: object) => jobsOf(planOf('single', { jobs })).map(({ name }) => name)
    const audit = { audit_dir: '/srv/audit', audit_keys: '/srv/keys/ring.json' }
    const gdpr = { ...audit, gdpr_dir: '/srv/gdpr', gdpr_key: '/srv/keys/gdpr', spool_dir: '/srv/spool' }
    expect(named({})).toEqual(['cost-budget', 'reconcile', 'langfuse-janitor'])
    expect(jobsOf(planOf('laptop')).map(({ name }) => name)).toEqual(['cost-budget', 'reconcile', 'logs-sweep'])
    expect(named({ certificates: ['otlp.example.com:443'] })).toContain('certificates')
    expect(named({ ...gdpr, log_dir: '/srv/logs', user: 1000 })).toEqual(
      expect.arrayContaining(['audit-sweep', 'gdpr']),
    )
    expect(() => named(gdpr)).toThrow(/pipeline\.jobs\.log_dir is missing/)
    expect(() => named({ audit_dir: '/srv/audit' })).toThrow(/pipeline\.jobs\.audit_keys is missing/)
    expect(() => named({ ...audit, audit_dir: 'audit' })).toThrow(/pipeline\.jobs\.audit_dir is audit; write the whole/)
    expect(() => named({ certificates: ['example.com'] })).toThrow(/pipeline\.jobs\.certificates.*HOST:PORT/)
    expect(() => jobsOf(planOf('cluster', { jobs: audit }))).toThrow(/pipeline\.jobs\.audit_dir is a place on one host/)
  })

  it.each(['laptop', 'single'] as const)(
    '%s limits memory and CPU of every container, asks each server how it is, and names each image exactly',
    profile => {
      const { services } = parse(
        generateFiles(planOf(profile)).find(({ path: file }) => file === 'compose.yaml')!.content,
      )
      for (const [name, service] of Object.entries<Service>(services)) {
        expect(service.deploy.resources.limits, name).toEqual({
          cpus: expect.stringMatching(/^\d+$/),
          memory: expect.stringMatching(/^\d+M$/),
        })
        expect(service.healthcheck.test.join(' '), name).not.toContain('--version')
        // a tag of one version has at least two dots, or a date
        expect(service.image, name).toMatch(/:(?:v?\d+(?:\.\d+){1,3}|RELEASE\.\S+)$/)
        if (!/postgres/.test(service.image)) expect(service.image, name).toMatch(/\.\S*\.|RELEASE/)
      }
    },
  )

  it.each(['laptop', 'single'] as const)(
    '%s takes no port of afn-otel up, and publishes Tempo and its receiver',
    profile => {
      const compose = parse(generateFiles(planOf(profile)).find(({ path: file }) => file === 'compose.yaml')!.content)
      const ports = Object.values<{ ports?: string[] }>(compose.services).flatMap(({ ports = [] }) => ports)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
      const onHost = ports.map(port => Number(port.split(':')[1]))
      expect(new Set(onHost).size).toBe(onHost.length)
      expect(onHost).not.toContain(3200)
      expect(onHost).not.toContain(4318)
      expect(compose.services.tempo.ports).toEqual([
        `127.0.0.1:${published.tempo}:3200`,
        `127.0.0.1:${published.tempoOtlp}:4318`,
      ])
    },
  )

  it('put no secret into a file, and say which one is missing', () => {
    const compose = generateFiles(planOf('single')).find(({ path: file }) => file === 'compose.yaml')!.content
    for (const line of compose.match(/^ +\w*(?:PASSWORD|SECRET|KEY|SALT)\w*: .*$/gm)!) {
      if (!/_ID:/.test(line)) expect(line).toMatch(/: "?\$\{\w+(?::\?set \w+: .+)?\}"?/)
    }
  })
})

describe('the secrets of a folder', () => {
  const compose = (profile: 'laptop' | 'single') =>
    generateFiles(planOf(profile)).find(({ path: file }) => file === 'compose.yaml')!.content

  it.each(['laptop', 'single'] as const)(
    '%s has each variable that compose.yaml must have, and none twice',
    profile => {
      const made = valuesIn(missingSecrets(planOf(profile), ''))
      const used = [...compose(profile).matchAll(/\$\{(\w+)(:\?|:-)?/g)].filter(([, , form]) => form !== ':-')
      for (const [, name] of used) expect([...made.keys()]).toContain(name)
      for (const value of made.values()) expect(value).toMatch(/^[\w@.=+/-]{8,}$/)
      const random = [...made].filter(([name]) => !/EMAIL/.test(name)).map(([, value]) => value)
      expect(new Set(random).size).toBe(random.length)
    },
  )

  it('are made anew for each folder, and stay as they are once they are there', () => {
    const plan = planOf('single')
    const [one, other] = [missingSecrets(plan, ''), missingSecrets(plan, '')]
    for (const [name, value] of valuesIn(one)) {
      if (name !== 'LANGFUSE_USER_EMAIL') expect(valuesIn(other).get(name)).not.toBe(value)
    }
    expect(missingSecrets(plan, one)).toBe('')
  })

  it('are added where a larger profile needs more', () => {
    const laptop = missingSecrets(planOf('laptop'), '')
    const added = valuesIn(missingSecrets(planOf('single'), laptop))
    expect([...added.keys()].filter(name => valuesIn(laptop).has(name))).toEqual([])
    expect(added.get('AFN_LANGFUSE_AUTH')).toBe(
      Buffer.from(`${added.get('LANGFUSE_PUBLIC_KEY')}:${added.get('LANGFUSE_SECRET_KEY')}`).toString('base64'),
    )
  })

  it('reach apps only as far as they need them', () => {
    const secrets = valuesIn(missingSecrets(planOf('single'), ''))
    const ofApp = valuesIn(appEnvironment(planOf('single'), secrets))
    const shared = [...secrets].filter(([, value]) => [...ofApp.values()].some(text => text.includes(value)))
    expect(shared.map(([name]) => name)).toEqual([
      'AFN_HMAC_KEY',
      'AFN_INGEST_TOKEN',
      'LANGFUSE_PUBLIC_KEY',
      'LANGFUSE_SECRET_KEY',
    ])
  })

  it('keep the words of LangFuse off where the Collector has no leg to LangFuse', () => {
    for (const profile of ['laptop', 'single', 'cluster'] as const) {
      const plan = planOf(profile)
      const ofApp = valuesIn(appEnvironment(plan, valuesIn(missingSecrets(plan, ''))))
      expect([profile, ofApp.get('AFN_LANGFUSE_ATTRIBUTES')]).toEqual([profile, plan.langfuse ? undefined : 'false'])
    }
  })
})

describe('the settings file', () => {
  it('changes retention, thresholds and sizes', () => {
    const settings = {
      retention: { traces: { errors: 180 } },
      policies: { slow: { over_ms: 3000 }, baseline: { percent: 5 } },
      scale: { num_traces: 7 },
    }
    const [collector, ...others] = generateFiles(planOf('single', settings))
    expect(collector!.content).toContain('threshold_ms: 3000')
    expect(collector!.content).toContain('sampling_percentage: 5')
    expect(collector!.content).toContain('AFN_NUM_TRACES:-7}')
    expect(others.find(({ path: file }) => file === 'tempo-overrides.yaml')!.content).toContain('block_retention: 180d')
  })

  it.each<[unknown, string]>([
    [
      { retention: { trace: {} } },
      'pipeline.retention.trace is nothing that can be set; known are traces, metrics, logs',
    ],
    [
      { retention: { traces: { errors: '90d' } } },
      'pipeline.retention.traces.errors is "90d"; write a number, 0 or more',
    ],
    [{ retention: 3 }, 'pipeline.retention is 3; write a map of traces, metrics, logs'],
    [{ policies: { baseline: { percent: 101 } } }, 'pipeline.policies.baseline.percent is 101; write 0 to 100'],
    [{ scale: { memory_percent: 150 } }, 'pipeline.scale.memory_percent is 150; write 1 to 100'],
    [{ scale: { num_traces: 1.5 } }, 'pipeline.scale.num_traces is 1.5; write a whole number, 1 or more'],
    [{ retention: { logs: { debug: 0 } } }, 'pipeline.retention.logs.debug is 0; write a whole number, 1 or more'],
    [{ retention: { metrics: { high: 0.5 } } }, 'pipeline.retention.metrics.high is 0.5; write a whole number'],
    [{ retention: { logs: { audit: Number.POSITIVE_INFINITY } } }, 'audit is Infinity; write a number, 0 or more'],
    [{ retention: { traces: { errors: 20 } } }, 'each tier has to keep at least as long as the one before'],
    [{ policies: { costly: { attribute: 3 } } }, 'pipeline.policies.costly.attribute is 3; write a value like'],
  ])('%j is refused in words', (settings, message) => {
    expect(() => planOf('single', settings)).toThrow(message)
  })
})

it('the file of budgets to begin with has none, and one where its comment is taken off', () => {
  expect(readCosts(defaultMonitoringFile)).toMatchObject({ mistakes: [], config: { budgets: [] } })
  const budgets = readCosts(defaultMonitoringFile.replace(/^ {2}\/\/ (?=["} ])/gm, ''))
  expect(budgets).toMatchObject({ mistakes: [], config: { budgets: [{ name: 'all', amount: 300 }] } })
})

it.each(['laptop', 'single', 'cluster'] as const)(
  'the commands in the containers of %s go by the same plan',
  profile => {
    const settings = {
      retention: { traces: { detailed: 3 } },
      policies: { slow: { over_ms: 3000 } },
      urls: { receiver: 'https://alerts.example.com' },
    }
    const plan = planOf(profile, settings)
    const packaged = { dockerfile: '', manifest: '', components: [], commands: [], runbooks: [] }
    const files = folderFiles(plan, defaultAlerting(), packaged)
    const text = files.find(({ path: file }) => file === 'commands/afn-otel.config.yaml')!.content
    // a command does not know the profile
    const { retention, policies, urls } = planOf('single', parse(text).pipeline)
    expect({ retention, policies, urls }).toEqual({
      retention: plan.retention,
      policies: plan.policies,
      urls: plan.urls,
    })
    const maps = files
      .filter(({ path: file }) => file.startsWith('k8s/'))
      .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS()))
      .flatMap(({ kind, data }) => (kind === 'ConfigMap' ? (data['afn-otel.config.yaml'] ?? []) : []))
    expect(new Set(maps)).toEqual(new Set(profile === 'cluster' ? [text] : []))
  },
)

it('every component that we use is in builder.yaml', () => {
  const builder = readFileSync(path.join(root, 'collector/builder.yaml'), 'utf8')
  for (const [kind, type] of usedComponents()) {
    // otlp_grpc is built from otlpexporter, file_storage from filestorage: the module has no underscores.
    const module = type === 'otlp_grpc' ? 'otlp' : type.replaceAll('_', '')
    const suffix = module === 'filestorage' ? '' : kind.slice(0, -1)
    expect(builder).toContain(`/${module}${suffix} v`)
  }
})

it('every component of our own that we use is in builder.yaml, and none is needed where upstream has to do', () => {
  const builder = readFileSync(path.join(root, 'collector/builder.yaml'), 'utf8')
  const built = [...builder.matchAll(/import: afn\.internal\/collector\/(\w+)/g)].map(([, folder]) => {
    const source = readdirSync(path.join(root, 'collector/components', folder!))
      .filter(name => name.endsWith('.go'))
      .map(name => readFileSync(path.join(root, 'collector/components', folder!, name), 'utf8'))
    return /MustNewType\("(\w+)"\)/.exec(source.join('\n'))![1]
  })
  const types = (components: 'afn' | 'contrib') =>
    usedComponents(components).flatMap(([, type]) => (type.startsWith('afn_') ? [type] : []))
  expect(types('afn').sort()).toEqual(built.sort())
  expect(types('contrib')).toEqual([])
})

describe('the configuration with our own components', () => {
  interface Parsed {
    receivers: object
    processors: object
    exporters: object
    connectors: Record<string, { first?: string }>
    service: { pipelines: Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }> }
  }
  const configOf = (components: 'contrib' | 'afn'): Parsed =>
    parse(generateFiles(planOf('single', { components }))[0]!.content)
  const [stock, own] = [configOf('contrib'), configOf('afn')]

  it('has every store and every source of that with those of upstream', () => {
    const ends = ({ exporters, receivers }: Parsed) =>
      [...Object.keys(exporters), ...Object.keys(receivers)].map(id => id.replace('afn_otlp_grpc/', 'otlp_grpc/'))
    expect(ends(own).sort()).toEqual(ends(stock).sort())
  })

  it('uses all that it sets up', () => {
    const named = new Set(
      Object.values(own.service.pipelines).flatMap(({ receivers, processors = [], exporters }) => [
        ...receivers,
        ...processors,
        ...exporters,
      ]),
    )
    const setUp = (['receivers', 'processors', 'exporters', 'connectors'] as const).flatMap(kind =>
      Object.keys(own[kind]),
    )
    expect(setUp.filter(id => !named.has(id))).toEqual([])
    expect([...named].filter(id => !setUp.includes(id))).toEqual([])
  })

  it('is looked for by doctor under the names that its exporters have in the metrics of the Collector', () => {
    const names = storeExporters([planOf('single', { components: 'afn' })])
    expect(names).toContain('otlp_grpc/tempo-detailed')
    expect(names).toEqual(storeExporters([planOf('single')]))
  })

  it('redacts all that it redacted before: no pipeline lost a step but the filters in front of a sorted way', () => {
    const filters = ['filter/redacted', 'filter/unredacted', 'filter/beside']
    const sums = ['delta_to_cumulative', 'interval/counts', 'interval/leaks', 'interval/data-quality']
    for (const [name, { processors = [] }] of Object.entries(stock.service.pipelines)) {
      if (name === 'traces/beside') continue
      const replaced = [...filters, ...(name === 'metrics/in' ? [] : sums)]
      const kept = processors
        .filter(id => !replaced.includes(id))
        .map(id => id.replace(/^batch\/kept$/, 'afn_copy_batch/kept'))
        .map(id => (name === 'traces/redact' ? id.replace(/^redaction\/pii$/, 'afn_redaction/pii') : id))
      const steps = own.service.pipelines[name]!.processors ?? []
      expect(
        steps.filter(id => !/^afn_(?:disk_limiter|cumulative|by_service|series_limiter)/.test(id)),
        name,
      ).toEqual(kept)
    }
  })

  it('counts and samples nothing that the queue of detailed has not taken', () => {
    const { pipelines } = own.service
    const behind = (connector: string): string[] =>
      Object.entries(pipelines)
        .filter(([, { receivers }]) => receivers.includes(connector))
        .flatMap(([name, { exporters }]) => [name, ...exporters.flatMap(behind)])
    const accepted = own.connectors['afn_accepted/clean']!
    const ends = Object.entries(pipelines).filter(([, { exporters }]) =>
      exporters.includes('afn_otlp_grpc/tempo-detailed'),
    )
    expect(ends.map(([name, { receivers }]) => [name, ...receivers])).toEqual([[accepted.first, 'afn_accepted/clean']])
    // whatever leads there leads to nothing else
    for (const entry of ['traces/redacted', 'traces/clean']) {
      expect(pipelines[entry]!.exporters, entry).toEqual(['afn_accepted/clean'])
    }
    expect(behind('afn_accepted/clean')).toContain('traces/keep')
    expect(behind('afn_accepted/redacted')).toContain('traces/llm')
  })

  it('is refused where somebody asks for components that there are not', () => {
    expect(() => planOf('single', { components: 'mine' })).toThrow(
      'pipeline.components is "mine"; write contrib or afn',
    )
  })
})

it('the folder builds its images of what this package is', () => {
  const packaged = {
    dockerfile: 'FROM a\n',
    manifest: 'dist: {}\n',
    components: [{ name: 'pick/pick.go', text: 'package pick\n' }],
    commands: [
      { name: 'cli.cjs', text: 'cli()\n' },
      { name: 'chunks/yaml.cjs', text: 'yaml()\n' },
    ],
    runbooks: [],
  }
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const files = (profile: 'single' | 'cluster') =>
    Object.fromEntries(
      folderFiles(planOf(profile), defaultAlerting(), packaged).map(({ path: file, content }) => [file, content]),
    )
  expect(files('single')['collector/Dockerfile']).toContain('FROM a\n')
  expect(files('single')['collector/builder.yaml']).toContain('dist: {}\n')
  expect(files('single')['collector/components/pick/pick.go']).toMatch(/\n\npackage pick\n$/)
  for (const profile of ['single', 'cluster'] as const) {
    const made = files(profile)
    expect(made['commands/cli.cjs']).toMatch(/^cli\(\)\n/)
    expect(made['commands/chunks/yaml.cjs']).toMatch(/^yaml\(\)\n/)
    expect(made['commands/Dockerfile']).toContain('COPY chunks/yaml.cjs /opt/afn-otel/chunks/yaml.cjs\n')
  }
  expect(files('cluster')['k8s/jobs.yaml']).toContain(`image: afn-otel:${version}\n`)
})

describe("Grafana's data sources", () => {
  interface DataSource {
    uid: string
    type: string
    jsonData: { timeInterval?: string; exemplarTraceIdDestinations?: { datasourceUid: string }[] }
    secureJsonData?: { httpHeaderValue1: string }
  }
  const sources: DataSource[] = parse(
    generated.find(({ path }) => path === 'deploy/single/grafana/datasources.yaml')!.content,
  ).datasources
  const seconds = (text: string) => Number.parseInt(text, 10) * { s: 1, m: 60, h: 3_600 }[text.at(-1) as 's']

  it('say how far apart samples are, so that $__rate_interval has two of them at least', () => {
    const collector = parse(generated[0]!.content)
    const step = {
      high: '1m',
      medium: collector.processors['interval/medium'].interval,
      low: collector.processors['interval/low'].interval,
    }
    for (const [resolution, apart] of Object.entries(step)) {
      const { timeInterval } = sources.find(({ uid }) => uid === `prometheus-${resolution}`)!.jsonData
      // Grafana: max($__interval + scrape interval, 4 * scrape interval)
      expect(4 * seconds(timeInterval!)).toBeGreaterThanOrEqual(2 * seconds(apart))
    }
  })

  it('lead from an exemplar to its trace in whichever tier has it, where exemplars are kept', () => {
    const compose = parse(generated.find(({ path }) => path === 'deploy/single/compose.yaml')!.content)
    for (const { uid, type, jsonData } of sources.filter(({ type }) => type === 'prometheus')) {
      const command: string[] = compose.services[uid === 'prometheus-high' ? 'prometheus' : uid].command
      const keeps = command.some(argument => argument.includes('exemplar-storage'))
      const [destination] = jsonData.exemplarTraceIdDestinations ?? []
      expect({ type, uid, leads: destination !== undefined }).toEqual({ type, uid, leads: keeps })
      if (!destination) continue
      const target = sources.find(source => source.uid === destination.datasourceUid)
      expect(target?.secureJsonData?.httpHeaderValue1).toBe('afn-detailed|afn-sampled|afn-errors')
    }
    expect(sources.find(({ uid }) => uid === 'prometheus-high')?.jsonData.exemplarTraceIdDestinations).toHaveLength(1)
  })
})
