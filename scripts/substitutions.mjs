// Modules that stand in a bundle in the place of others: ours in the place of OpenTelemetry's, or a file of `dist` that is
// required in the place of a copy. When upstream moves a file, a substitution would silently replace nothing: so each
// says in which bundles it has to replace something, and their build fails when it does not.
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/**
 * @typedef {object} Substitution
 * @property {string} name of what is replaced, for the message of a failure
 * @property {RegExp} filter of the path that is imported
 * @property {string} [importer] a part of the path of the file that imports it
 * @property {string} [ours] the source file that takes its place
 * @property {string} [file] the file of `dist` that is required in its place
 * @property {readonly string[]} in the bundles in which it has to replace something
 */

/**
 * How a function is replaced, what names a series, how attributes are cleaned, and how modules are hooked.
 * @type {readonly Substitution[]}
 */
export const ownParts = [
  {
    name: 'shimmer of @opentelemetry/instrumentation',
    filter: /^(\.|\.\.\/\.\.)\/shimmer\.mjs$/,
    importer: '/@opentelemetry/instrumentation/dist/',
    ours: 'src/app/instrument/wrap.ts',
    in: ['chunks/instrumentation.cjs'],
  },
  {
    name: 'require-in-the-middle',
    filter: /^require-in-the-middle$/,
    ours: 'src/app/instrument/require-hook.ts',
    in: ['chunks/instrumentation.cjs'],
  },
  {
    name: 'import-in-the-middle',
    filter: /^import-in-the-middle$/,
    importer: '/@opentelemetry/instrumentation/dist/',
    ours: 'src/app/instrument/import-hook.ts',
    in: ['chunks/instrumentation.cjs'],
  },
  {
    name: 'hashAttributes of @opentelemetry/sdk-metrics',
    filter: /^\.\.\/utils\.mjs$/,
    importer: '/@opentelemetry/sdk-metrics/dist/state/HashMap.mjs',
    ours: 'src/app/sdk/measurements.ts',
    in: ['start.cjs'],
  },
  ...['sdk-trace/dist/Tracer', 'sdk-trace/dist/Span', 'sdk-logs/dist/LogRecordImpl'].map(file => ({
    name: `how ${file} of OpenTelemetry cleans attributes`,
    filter: /^@opentelemetry\/core$/,
    importer: `/@opentelemetry/${file}.mjs`,
    ours: 'src/app/sdk/attributes.ts',
    in: ['start.cjs'],
  })),
]

/** In bundles that have a copy of OpenTelemetry's API. @type {readonly Substitution[]} */
export const apiCopy = [
  {
    name: '@opentelemetry/api',
    filter: /^@opentelemetry\/api$/,
    ours: 'src/app/opentelemetry-api.ts',
    in: ['api.cjs', 'api.mjs', 'chunks/api.cjs', 'sdk.cjs'],
  },
]

/** Esbuild's `inject` for bundles without Node's modules. */
export const withoutNodeGlobals = 'src/app/fetch/without-node/globals.ts'

/** What imports modules of Node on the way of a call by fetch. @type {readonly Substitution[]} */
export const withoutNode = [
  ['src/app/root-context', /\/root-context$/],
  ['src/app/llm/wire/sha256', /\/sha256$/],
  ['src/app/llm/observe/deadline', /^\.\/deadline$/],
  ['src/app/llm/observe/same-text', /^\.\/same-text$/],
  ['src/app/llm/observe/fetch/body', /^\.\/body$/],
  ['src/app/llm/observe/fetch/request-body', /^\.\/request-body$/],
  ['src/app/llm/observe/fetch/trace-headers', /^\.\/trace-headers$/],
  ['src/app/llm/observe/later/follow', /\/later\/follow$/],
  // of the protocols those that most need
  ['src/app/llm/providers/protocols', /\/providers\/protocols$/, '/src/app/llm/observe/', 'src/app/fetch/protocols.ts'],
].map(([name, filter, importer = '', ours = `src/app/fetch/without-node/${path.posix.basename(name)}.ts`]) => ({
  name,
  filter,
  importer,
  ours,
  in: ['fetch'],
}))

/** Files of `dist` that other bundles require. @type {readonly Substitution[]} */
export const requiredFiles = [
  ...['health', 'logs'].map(name => ({
    name: `src/app/${name} of src/app/middleware`,
    filter: new RegExp(`^\\.\\./${name}$`),
    importer: '/src/app/middleware/',
    file: `./${name}.cjs`,
    in: ['middleware.cjs'],
  })),
  {
    name: 'src/app/bundler/transform.ts',
    filter: /^\.\/transform$/,
    file: './bundler.cjs',
    in: ['esbuild.cjs', 'rollup.cjs', 'webpack.cjs', 'webpack-loader.cjs'],
  },
]

/** The whole of redaction, of which the entry has a file of its own. @param {string} file @param {string} bundle */
export const redactionFile = (file, bundle) => ({
  name: 'src/shared/redact of src/app/next',
  filter: /^\.\.\/\.\.\/shared\/redact$/,
  importer: '/src/app/next/',
  file,
  in: [bundle],
})

/** What the CLI takes from chunks, so that the package has it once. */
export const chunksOfCli = [
  {
    name: 'src/shared/redact of the CLI',
    filter: /^(?:\.\.\/)+(?:shared\/)?redact(?:\/explain)?$/,
    file: './chunks/redact.cjs',
    in: ['cli.cjs'],
  },
  { name: 'yaml of the CLI', filter: /^yaml$/, file: './chunks/yaml.cjs', in: ['cli.cjs'] },
]

/**
 * esbuild's plugin for the substitutions in one bundle.
 * @param {string} bundle its path below `dist`
 * @param {readonly Substitution[]} substitutions
 */
export const substitute = (bundle, substitutions) => ({
  name: 'substitutions',
  setup({ onResolve, onEnd }) {
    const replaced = new Set()
    for (const substitution of substitutions) {
      const { name, filter, importer: from = '', ours, file } = substitution
      onResolve({ filter }, ({ importer }) => {
        if (!importer.includes(from)) return undefined
        replaced.add(name)
        return ours ? { path: path.join(root, ours) } : { path: file, external: true }
      })
    }
    onEnd(() => ({
      errors: substitutions
        .filter(({ name, in: bundles }) => bundles.includes(bundle) && !replaced.has(name))
        .map(({ name }) => ({ text: `${bundle}: nothing was replaced of ${name}; adapt scripts/substitutions.mjs` })),
    }))
  },
})
