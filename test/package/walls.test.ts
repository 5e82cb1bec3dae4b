// The walls between houses and rooms of `src`, as the imports have them, and the shape of a file.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/packed'

describe('import walls', () => {
  /** Houses, and those that each may import; all may import `semconv`. */
  const houses: Record<string, string[]> = {
    shared: [],
    app: ['shared'],
    browser: ['shared'],
    monitoring: ['shared'],
    backend: ['shared', 'app', 'monitoring'],
    pipeline: ['shared', 'app', 'monitoring'],
    operations: ['shared', 'app', 'monitoring', 'backend', 'pipeline'],
    cli: ['shared', 'app', 'monitoring', 'backend', 'pipeline', 'operations'],
  }
  /** What the app has of another house: the edges of buckets that the latency objectives want, as the type of its chunk. */
  const ofAnotherHouse = ['src/monitoring/slo/edges']

  /** Rooms and what they may import: the order inside of a house, and what of the houses below. The files of a house beside its rooms are for all. */
  const allowed: Record<string, string[]> = {
    semconv: [],
    'shared/redact': ['semconv'],
    browser: ['shared/redact', 'semconv'],
    'app/next': ['shared/config', 'app/health', 'shared/otlp', 'shared/redact', 'semconv'],
    'shared/tiers': ['shared/otlp', 'semconv'],
    'shared/diag': [],
    'shared/files': [],
    'shared/calendar': ['shared/config'],
    'shared/config': ['shared/diag'],
    // of redact the type of a redactor
    'shared/otlp': ['shared/redact', 'semconv'],
    'app/llm': ['semconv', 'shared/diag'],
    'app/bundler': ['app/instrument'],
    'app/fetch': ['app/llm', 'shared/redact', 'semconv'],
    'app/health': ['shared/config', 'shared/diag', 'shared/otlp', 'semconv'],
    'app/audit': ['shared/config', 'shared/diag', 'shared/files', 'semconv', 'shared/tiers'],
    // of audit which process lives, of instrument the ids of a span, of sdk the redactor as the settings want it
    'app/logs': [
      'shared/config',
      'shared/diag',
      'shared/files',
      'app/instrument',
      'shared/redact',
      'app/sdk',
      'semconv',
      'shared/tiers',
    ],
    'app/middleware': ['shared/config', 'shared/diag', 'app/health', 'app/logs'],
    'app/instrument': ['shared/config', 'shared/diag', 'semconv'],
    'app/delivery': ['shared/config', 'shared/diag', 'shared/files', 'shared/otlp'],
    'app/system': ['semconv'],
    // of slo the type of what its chunk gives
    'app/sdk': [
      'shared/config',
      'app/delivery',
      'shared/diag',
      'app/llm',
      'shared/otlp',
      'shared/redact',
      'semconv',
      'app/evaluate',
      'monitoring/slo',
      'app/suppress',
      'app/system',
    ],
    // of config the nearest of known words; of api, llm and sdk nothing knows it but its types and its chunk
    'app/evaluate': ['shared/config', 'shared/diag', 'shared/otlp', 'shared/redact', 'app/llm', 'semconv'],
    'app/api': ['app/llm', 'semconv'],
    // of instrument what a span says of HTTP and of an error
    'app/lambda': ['app/instrument'],
    // of config the type of settings
    'app/guard': ['shared/calendar', 'shared/config', 'shared/diag', 'app/llm', 'semconv'],
    // of guard the errors, which are classes
    'app/preload': [
      'app/guard',
      'app/sdk',
      'app/instrument',
      'app/llm',
      'app/delivery',
      'shared/redact',
      'shared/config',
      'shared/diag',
    ],
    // of queries what a counter grew by
    'monitoring/dashboards': ['shared/config', 'shared/otlp', 'shared/queries', 'semconv'],
    // of llm what models cost, of otlp the dialects of coding agents
    'pipeline/deployment': [
      'app/llm',
      'shared/otlp',
      'monitoring/alerts',
      'shared/config',
      'monitoring/dashboards',
      'monitoring/pipeline-rules',
      'monitoring/slo',
      'app/suppress',
      'shared/tiers',
      'semconv',
      'shared/redact',
    ],
    'monitoring/pipeline-rules': ['shared/config', 'shared/otlp', 'semconv'],
    'shared/queries': ['shared/config', 'shared/otlp', 'shared/tiers'],
    'monitoring/slo': ['shared/calendar', 'shared/config', 'shared/otlp', 'semconv'],
    // of doctor the request to a part of the pipeline, and how the Collector's own metrics are read
    'pipeline/reconcile': [
      'shared/config',
      'pipeline/doctor',
      'shared/files',
      'shared/otlp',
      'shared/queries',
      'shared/tiers',
    ],
    'pipeline/doctor': [
      'shared/config',
      'shared/diag',
      'app/instrument',
      'pipeline/deployment',
      'shared/queries',
      'semconv',
      'monitoring/slo',
      'shared/tiers',
    ],
    'pipeline/janitor': ['shared/queries'],
    'app/suppress': ['shared/config', 'shared/diag', 'shared/files', 'shared/otlp'],
    // one file a store below it: of delivery the spool, of janitor LangFuse's API, of the backend the embedded store, of reconcile Tempo's API, of cost and the receiver the database of the watch over budgets
    'operations/gdpr': [
      'app/audit',
      'shared/calendar',
      'shared/config',
      'operations/cost',
      'app/delivery',
      'shared/files',
      'pipeline/janitor',
      'backend',
      'shared/otlp',
      'shared/queries',
      'pipeline/reconcile',
      'shared/redact',
      'operations/alert-receiver',
      'shared/tiers',
    ],
    // of the rules which alerts there are, of redact what a secret looks like, of queries the grammar of PromQL
    'monitoring/alerts': [
      'shared/calendar',
      'shared/config',
      'monitoring/pipeline-rules',
      'shared/queries',
      'shared/redact',
    ],
    // of alerts how they are posted, of the backend which share of calls needs a price, of llm what calls are and cost, of the receiver the database
    'operations/cost': [
      'backend',
      'monitoring/alerts',
      'shared/calendar',
      'shared/config',
      'app/llm',
      'shared/otlp',
      'shared/queries',
      'semconv',
      'operations/alert-receiver',
    ],
    // of config how headers of OTLP are written
    'operations/cloudflare': ['shared/config', 'semconv'],
    'pipeline/sizing': ['shared/tiers'],
    'backend/sourcemaps': [],
    // of dashboards, llm, the backend, otlp and queries one idea each: its tsconfig lists the files
    'backend/explorer': [
      'monitoring/dashboards',
      'app/llm',
      'backend',
      'shared/otlp',
      'shared/queries',
      'shared/redact',
      'semconv',
    ],
    // of config the type of the settings, of dashboards the type of a board, of files how a folder is flushed, of llm which operations are calls, of queries the catalogue and
    // the tenants' names, of the rules and of slo which alerts there are and what they say
    backend: [
      'shared/config',
      'monitoring/dashboards',
      'shared/files',
      'app/llm',
      'monitoring/pipeline-rules',
      'shared/otlp',
      'shared/queries',
      'shared/redact',
      'semconv',
      'monitoring/slo',
      'backend/sourcemaps',
      'shared/tiers',
    ],
    // of alerts how alertmanager.yml says what a notification is for; of config where links lead; of files which process lives; of the backend how a server is bound, who is answered, what a body may
    // weigh and how PromQL reads; of queries how Grafana is linked
    'operations/alert-receiver': [
      'monitoring/alerts',
      'shared/config',
      'shared/diag',
      'shared/files',
      'backend',
      'shared/otlp',
      'shared/queries',
      'shared/redact',
    ],
    // of the backend how a server is bound and templates are filled, of the receiver the database
    'operations/dispatch': ['monitoring/alerts', 'backend', 'shared/redact', 'operations/alert-receiver'],
    // of llm what a call is and which calls have no price, of the backend what its API answers
    'backend/mcp': ['app/llm', 'backend', 'shared/otlp', 'shared/queries', 'semconv'],
    // of evaluate what an evaluator gets, of llm which calls have no price, of sdk the redactor as settings want it
    // of guard what a request may cost at most
    cli: [
      'app/evaluate',
      'app/guard',
      'app/sdk',
      'monitoring/alerts',
      'app/audit',
      'operations/cloudflare',
      'shared/config',
      'monitoring/dashboards',
      'shared/calendar',
      'operations/cost',
      'shared/diag',
      'operations/dispatch',
      'pipeline/doctor',
      'shared/files',
      'operations/gdpr',
      'pipeline/janitor',
      'app/llm',
      'app/logs',
      'backend/mcp',
      'shared/otlp',
      'pipeline/deployment',
      'shared/queries',
      'pipeline/reconcile',
      'pipeline/sizing',
      'backend/sourcemaps',
      'operations/alert-receiver',
      'shared/tiers',
      'backend',
      'shared/redact',
      'semconv',
      'monitoring/slo',
      'app/suppress',
    ],
  }
  const files = ['src', 'semconv'].flatMap(top =>
    readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })
      .filter(file => /\.[cm]?tsx?$/.test(file))
      .map(file => path.join(top, file)),
  )
  const houseOf = (file: string) => /^src\/([^/]+)/.exec(file)?.[1] ?? 'semconv'
  /** The room of a file, or of the index of one. Rooms of the backend that are not in the table are one with it; undefined for a file beside the rooms. */
  const roomOf = (file: string) => {
    if (!file.startsWith('src/')) return 'semconv'
    const [, house = '', room = '', rest] = file.split('/')
    if (allowed[`${house}/${room}`] && file !== 'src/app/api') return `${house}/${room}`
    return allowed[house] || rest ? house : undefined
  }

  /** What a file imports, by value and by type, as paths without an extension. */
  function importsOf(file: string): string[] {
    const text = readFileSync(path.join(root, file), 'utf8')
    return [...text.matchAll(/^(?:import|export) (?:[^'"]*? from )?['"](\.[^'"]+)['"]/gm)].map(([, target]) =>
      path.join(path.dirname(file), target as string),
    )
  }

  it('every import goes to a house below, and inside of a house to a room below', () => {
    const wrong = files.flatMap(file => {
      const [house, room] = [houseOf(file), roomOf(file)]
      if (house === 'semconv') return []
      return importsOf(file)
        .filter(target => {
          const [other, otherRoom] = [houseOf(target), roomOf(target)]
          if (
            other !== 'semconv' &&
            other !== house &&
            !houses[house]?.includes(other) &&
            !ofAnotherHouse.includes(target)
          )
            return true
          // the files beside the rooms put them together, as `src/app/chunks.ts` does
          if (!room || !otherRoom || room === otherRoom) return false
          return !allowed[room]?.includes(otherRoom)
        })
        .map(target => `${file} → ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('what runs in the process of an app has no code of another house', () => {
    const metafiles: Record<string, { inputs: object }> = JSON.parse(
      readFileSync(path.join(root, 'dist/.meta/metafiles.json'), 'utf8'),
    )
    const elsewhere = ['cli.cjs', 'cloudflare-worker.mjs', 'explorer', 'modules', 'chunks/slo.cjs']
    const ofApps = Object.entries(metafiles).filter(
      ([bundle]) => !elsewhere.includes(bundle) && !/^browser[.-]/.test(bundle),
    )
    expect(ofApps.length).toBeGreaterThan(80)
    const foreign = ofApps.flatMap(([bundle, { inputs }]) =>
      Object.keys(inputs)
        .filter(input => /^src\/(?!app\/|shared\/)/.test(input))
        .map(input => `${bundle}: ${input}`),
    )
    expect(foreign).toEqual([])
  })

  it('inside of src/app/llm every import goes down', () => {
    const floors =
      'usage call iterations wire messages bounded-content providers content spans answered report record replay observe'.split(
        ' ',
      )
    const floorOf = (file: string) => floors.indexOf(/^src\/app\/llm\/([^/.]+)/.exec(file)?.[1] ?? '')
    const inside = files.filter(file => roomOf(file) === 'app/llm')
    expect(inside.length).toBeGreaterThan(100)
    expect(inside.filter(file => floorOf(file) < 0)).toEqual([])
    const wrong = inside.flatMap(file =>
      importsOf(file)
        .filter(target => floorOf(target) > floorOf(file))
        .map(target => `${file} → ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('no files import each other in a circle, by type neither', () => {
    const known = new Set(files)
    const targets = new Map(
      files.map(file => [
        file,
        importsOf(file).flatMap(target =>
          [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`].filter(name => known.has(name)),
        ),
      ]),
    )
    // what imports nothing that is left, and what nothing that is left imports, is in no circle
    let left = new Set(files)
    for (let before = Number.POSITIVE_INFINITY; left.size < before; ) {
      before = left.size
      const imported = new Set([...left].flatMap(file => targets.get(file) ?? []))
      left = new Set(
        [...left].filter(file => imported.has(file) && targets.get(file)?.some(target => left.has(target))),
      )
    }
    expect([...left]).toEqual([])
  })

  it('no file has a second header: a subject of its own has a file of its own', () => {
    // a comment that stands by itself at the margin, behind the first declaration, describes no declaration but what follows all
    const headers = files.flatMap(file => {
      const text = readFileSync(path.join(root, file), 'utf8')
      const declared = /^(?:export )?(?:async |abstract )?(?:const|let|function|class|interface|type|enum) /m.exec(text)
      const rest = text.slice(declared?.index ?? text.length)
      return [...rest.matchAll(/\n\n(?:\/\/ .*\n)+(?=\n)/g)].map(([comment]) => `${file}: ${comment.trim()}`)
    })
    expect(headers).toEqual([])
  })

  it('no file is longer than 300 lines', () => {
    const long = files
      .filter(
        file =>
          !/^(?:semconv\/(?:attributes|metrics|types)|src\/app\/llm\/report\/cost\/litellm-table|src\/app\/guard\/limits-table)\.ts$/.test(
            file,
          ),
      ) // generated
      .filter(file => readFileSync(path.join(root, file), 'utf8').split('\n').length > 300)
    expect(long).toEqual(['src/shared/config/settings.ts'].filter(file => long.includes(file)))
  })
})
