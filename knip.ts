// What nothing imports and yet is used. The entries of `src` are those of the build: its bundles, the modules that it puts
// in the place of others, and the instrumentations of the catalogue.
import type { KnipConfig } from 'knip'
import manifest from './package.json' with { type: 'json' }
import { entries } from './scripts/bundles.mjs'
import { ownParts } from './scripts/substitutions.mjs'
import { catalogue } from './src/app/instrument/catalogue'

/** knip finds what package.json exports by itself, and complains of an entry that says so again. */
const published = JSON.stringify(manifest.exports)
const isPublished = (entry: string) =>
  published.includes(`/${entry.replace(/\.ts$/, '.d.ts')}`) ||
  published.includes(entry.replace(/^src(.*)ts$/, 'modules$1mjs'))
const ofCatalogue = catalogue.map(({ from: [module] }) => module).filter(module => module.startsWith('./'))

export default {
  entry: [
    ...entries().filter(entry => !isPublished(entry)),
    ...ownParts.flatMap(({ ours }) => ours ?? []),
    ...ofCatalogue.map(module => module.slice(2)),
    'src/backend/explorer/main.tsx',
    '{semconv,src}/**/generate.ts',
    'scripts/*.{mjs,cjs}',
    'test/{run.mjs,long.mjs,support/{slowest.mjs,outage-app.cjs,outage-sink.mjs,promised-app.cjs},**/*.test.ts}',
    'test/{bench,conformance,dashboards,folders}/**/*.{mjs,cjs}',
    '!test/bench/{llm,browser}/tools/**',
    '!test/bench/{clients,logs,http}/*.cjs',
    '!test/conformance/host/programs/**',
    '!test/conformance/wire/apps/**',
    'test/conformance/{conformance,never-break,promql,traceql,host,apps,suites,weaver,wire}.ts',
    'test/bench/redact/{alone,mix}.ts',
    'test/bench/pipeline/*.ts',
    'test/bench/delivery/ours.ts',
    'test/bench/{local,promql,receivers}/*.ts',
    'test/redact/corpus/write.mjs',
    'test/adversary/surfaces.ts',
    'test/alerts/cost-replica.ts',
    'test/browser/redact-page.ts',
    'test/browser/pages/*.ts',
    'examples/**/*.{mjs,cjs}',
    '!examples/{next-chat,browser-vite,backend}/**',
    'examples/demo/main.ts',
    'docs/.vitepress/config.mts',
  ],
  project: [
    'docs/.vitepress/*.{ts,mts}',
    '{src,semconv,scripts,examples,test}/**/*.{ts,tsx,mts,cts,mjs,cjs}',
    '!examples/{next-chat,browser-vite,backend}/**',
    '!test/clients/**',
    '!test/conformance/host/programs/**',
    '!test/conformance/wire/apps/**',
    '!test/bench/{clients,llm,logs,http}/*.cjs',
    '!test/bench/{llm,browser}/tools/**',
  ],
  ignoreDependencies: [
    // types that conformance:wire installs
    '@aws-sdk/client-bedrock-runtime',
    '@google/genai',
    'ollama',
    '@duckdb/node-bindings',
    'dclint',
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
    'ioredis',
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
