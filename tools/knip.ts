// What nothing imports and yet is used. The entries of `src` are those of the build: its bundles, the modules that it puts
// in the place of others, and the instrumentations of the catalogue.
import type { KnipConfig } from 'knip'
import manifest from '../package.json' with { type: 'json' }
import { entries } from '../scripts/bundles.mjs'
import { ownParts, withoutNode, withoutNodeGlobals } from '../scripts/substitutions.mjs'
import { sources } from '../src/app/instrument/sources'

/** knip finds what package.json exports by itself, and complains of an entry that says so again. */
const published = JSON.stringify(manifest.exports)
const isPublished = (entry: string) =>
  published.includes(`/${entry.replace(/\.ts$/, '.d.ts')}`) ||
  published.includes(`/${entry.replace(/\.ts$/, '.d.mts')}`) ||
  published.includes(entry.replace(/^src(.*)ts$/, 'modules$1mjs'))
const ofCatalogue = Object.values(sources)
  .map(([module]) => module)
  .filter(module => module.startsWith('./'))

export default {
  workspaces: {
    '.': {
      entry: [
        ...entries().filter(entry => !isPublished(entry)),
        ...[...ownParts, ...withoutNode].flatMap(({ ours }) => ours ?? []),
        withoutNodeGlobals,
        ...ofCatalogue.map(module => module.slice(2)),
        'src/backend/explorer/main.tsx',
        '{semconv,src}/**/generate.ts',
        'scripts/*.{mjs,cjs}',
        'scripts/names/{cities,train}.mjs',
        'examples/**/*.{mjs,cjs}',
        '!examples/{next-chat,browser-vite,backend}/**',
        'examples/demo/main.ts',
      ],
      project: [
        '{src,semconv,scripts,examples}/**/*.{ts,tsx,mts,cts,mjs,cjs}',
        '!examples/{next-chat,browser-vite,backend}/**',
      ],
    },
    'docs/.vitepress': { entry: ['config.mts'], project: ['*.{ts,mts}'] },
    test: {
      entry: [
        '{collector,folders,monitoring,prometheus,tempo}/setup.ts',
        'support/{slowest.mjs,outage-app.cjs,outage-sink.mjs,promised-app.cjs}',
        '**/*.test.ts',
        '{bench,conformance,dashboards,folders}/**/*.{mjs,cjs}',
        '!bench/{llm,browser}/tools/**',
        '!bench/{clients,logs,http}/*.cjs',
        '!conformance/host/programs/**',
        '!conformance/wire/apps/**',
        'conformance/{conformance,guard,never-break,promql,refusals,traceql,host,apps,suites,weaver,wire}.ts',
        'bench/redact/{alone,mix}.ts',
        'bench/pipeline/*.ts',
        'bench/delivery/ours.ts',
        'bench/{local,promql,receivers}/*.ts',
        'mcp/conformance-client.mjs',
        'redact/corpus/write.mjs',
        'runtimes/app.mjs',
        'adversary/surfaces.ts',
        'alerts/cost-replica.ts',
        'browser/redact-page.ts',
        'browser/pages/*.ts',
      ],
      project: [
        '**/*.{ts,tsx,mts,cts,mjs,cjs}',
        '!{clients,frameworks}/**',
        '!conformance/host/programs/**',
        '!conformance/wire/apps/**',
        '!bench/{clients,llm,logs,http}/*.cjs',
        '!bench/{llm,browser}/tools/**',
      ],
    },
    tools: { project: ['*.ts'] },
  },
  ignoreDependencies: [
    // folders that scripts/install.mjs gets
    'test',
    '@biomejs/biome',
    // types that conformance:wire installs
    '@aws-sdk/client-bedrock-runtime',
    '@google/genai',
    'ollama',
    '@duckdb/node-bindings',
    'dclint',
    '@edge-runtime/vm',
    'kubernetes-types',
    '@arethetypeswrong/cli',
    'publint',
    '@opentelemetry/auto-instrumentations-node',
    'fastify',
    'koa',
    // the newest that OpenTelemetry's instrumentation of it takes
    'openai-6',
    'signal-exit',
    'winston',
  ],
  ignoreBinaries: [
    'apt-get',
    'busybox',
    'dockerd',
    'dpkg',
    'dpkg-deb',
    'faketime',
    'fc-list',
    'fish',
    'go',
    'ip',
    'sha256sum',
    'jq',
    'ldd',
    'mount',
    'nsenter',
    'openssl',
    'redis-server',
    'script',
    'strace',
    'umount',
    'unshare',
  ],
  ignoreUnresolved: ['./index.cjs', './api.cjs'],
  ignoreExportsUsedInFile: true,
} satisfies KnipConfig
