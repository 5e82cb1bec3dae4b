// `afn-otel sourcemaps`: which of its commands is meant, and with what.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isBuildId, sourceMapFolder } from '../sourcemaps/store'
import { helpOption, print } from './help'
import { dataFolder } from './local/data-folder'
import { type Options, optionLines } from './options'

export const options = {
  'build-id': {
    type: 'string',
    argument: 'ID',
    help: 'what the app says in app.build_id: the option buildId in a browser, or OTEL_RESOURCE_ATTRIBUTES=app.build_id=ID in Node.js',
    otherwise:
      'upload: a hash of the maps; symbolicate: what the records say, else by the names of files, where they carry a hash',
  },
  store: {
    type: 'string',
    argument: 'DIR',
    help: 'the folder of afn-otel up --data',
    otherwise: 'AFN_DATA_DIR, else ~/.local/share/afn-otel',
  },
} as const satisfies Options

const help = `Usage: afn-otel sourcemaps upload DIR [--build-id ID] [--store DIR]
       afn-otel sourcemaps symbolicate [FILE|-] [--build-id ID] [--store DIR]

upload       keeps the source maps of a build: of each .js, .mjs and .cjs in DIR the map that it names, has in it, or that
             lies beside it (app.js.map). Nothing in DIR is changed, nothing leaves this machine. Prints the build id.
symbolicate  reads a stack, or OTLP JSON of logs or spans (one request, or one a line), and prints stacks as they are in
             the sources: Chrome's and Node.js', Firefox's, Safari's.

${optionLines(options)}

Exit codes: 0 done; 1 nothing was found to keep or to map; 2 the command is not right.`

/** @returns the exit code, as `help` says */
export async function sourcemaps(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...options, ...helpOption },
  })
  if (values.help) return print(help)
  const [name, target, more] = positionals
  if (more !== undefined) throw new Error(`sourcemaps ${name} takes one folder or file: what is "${more}"?`)
  const buildId = values['build-id']
  if (buildId !== undefined && !isBuildId(buildId))
    throw new Error(`--build-id "${buildId}": letters, digits, "_", "-", ".", "+" and "@" make one, 128 at most`)
  const folder = sourceMapFolder(path.resolve(values.store ?? dataFolder()))
  if (name === 'upload') return (await import('./sourcemaps/upload')).upload(target, { folder, buildId })
  if (name === 'symbolicate') return (await import('./sourcemaps/symbolicate')).symbolicate(target, { folder, buildId })
  throw new Error(`sourcemaps: ${name ? `there is no "${name}"; ` : ''}there are "upload DIR" and "symbolicate [FILE]"`)
}
