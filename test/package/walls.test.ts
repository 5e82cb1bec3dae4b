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

  /** Rooms of a house, and those of it that each may import; the files beside the rooms are for all. A house that is not here has no order inside. */
  const rooms: Record<string, Record<string, string[]>> = {
    shared: {
      redact: [],
      diag: [],
      files: [],
      config: ['diag'],
      // of redact the type of a redactor
      otlp: ['redact'],
      tiers: ['otlp'],
      queries: ['config', 'otlp', 'tiers'],
    },
    app: {
      llm: [],
      system: [],
      health: [],
      instrument: [],
      delivery: [],
      suppress: [],
      audit: [],
      bundler: ['instrument'],
      api: ['llm'],
      next: ['health'],
      // of instrument the ids of a span, of sdk the redactor as the settings want it
      logs: ['instrument', 'sdk'],
      middleware: ['health', 'logs'],
      sdk: ['delivery', 'llm', 'suppress', 'system'],
      preload: ['sdk', 'instrument'],
    },
    monitoring: {
      'pipeline-rules': [],
      slo: [],
      dashboards: [],
      alerts: ['pipeline-rules'],
    },
    pipeline: {
      deployment: [],
      sizing: [],
      janitor: [],
      doctor: ['deployment'],
      // of doctor the request to a part of the pipeline, and how the Collector's own metrics are read
      reconcile: ['doctor'],
    },
    operations: {
      cloudflare: [],
      'alert-receiver': [],
      // of the receiver the database
      dispatch: ['alert-receiver'],
      cost: ['alert-receiver'],
      // of the receiver and of cost the database of the watch over budgets
      gdpr: ['alert-receiver', 'cost'],
    },
  }
  const files = ['src', 'semconv'].flatMap(top =>
    readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })
      .filter(file => /\.[cm]?tsx?$/.test(file))
      .map(file => path.join(top, file)),
  )
  const roomOf = (file: string) => (file === 'src/app/api' ? undefined : /^src\/[^/]+\/([^/]+)\//.exec(`${file}/`)?.[1])
  const houseOf = (file: string) => /^src\/([^/]+)/.exec(file)?.[1] ?? 'semconv'
  const isRoom = (house: string, room: string | undefined) => room !== undefined && rooms[house]?.[room] !== undefined

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
          if (other === 'semconv') return false
          if (other !== house) return !houses[house]?.includes(other) && !ofAnotherHouse.includes(target)
          // the files beside the rooms put them together, as `src/app/chunks.ts` does
          if (!isRoom(house, room) || !isRoom(house, otherRoom) || room === otherRoom) return false
          return !rooms[house]?.[room as string]?.includes(otherRoom as string)
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
    const floors = 'usage call iterations wire messages providers bounded-content content spans report observe'.split(
      ' ',
    )
    const floorOf = (file: string) => floors.indexOf(/^src\/app\/llm\/([^/.]+)/.exec(file)?.[1] ?? '')
    const inside = files.filter(file => roomOf(file) === 'llm')
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
    const circlesOf = (place: string) => [...left].filter(file => file.startsWith(place))
    // files in circles that are still to be opened, and between two of them: the number may only fall
    const open = {
      'src/pipeline/deployment/': 31,
      'src/backend/explorer/parts/': 7,
      'src/app/llm/spans/deduplication/': 4,
      'src/operations/alert-receiver/': 2,
      'src/operations/gdpr/': 2,
    }
    for (const [place, most] of Object.entries(open)) expect(circlesOf(place).length, place).toBeLessThanOrEqual(most)
    expect([...left].filter(file => !Object.keys(open).some(place => file.startsWith(place)))).toEqual([])
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
          !/^(?:semconv\/(?:attributes|metrics|types)|src\/app\/llm\/report\/cost\/litellm-table)\.ts$/.test(file),
      ) // generated
      .filter(file => readFileSync(path.join(root, file), 'utf8').split('\n').length > 300)
    expect(long).toEqual(['src/shared/config/settings.ts'].filter(file => long.includes(file)))
  })
})
