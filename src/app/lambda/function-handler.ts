// The function's own handler, found as Lambda's runtime client for Node.js finds it, with its errors: CloudWatch shows them.
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Handler } from './runtime-types'

export type ImportFile = (url: string) => Promise<unknown>

class RuntimeError extends Error {
  constructor(type: string, message: string) {
    super(message)
    this.name = `Runtime.${type}`
  }
}

/**
 * @param name as in `_HANDLER`: `FOLDER/FILE.MEMBER`, a file without its extension
 * @throws what the file throws when it is loaded, or a Runtime.MalformedHandlerName, ImportModuleError, UserCodeSyntaxError or
 * HandlerNotFound
 */
export async function loadHandler(name: string, taskRoot: string, importFile: ImportFile): Promise<Handler> {
  const [, file, member] = /^([^.]*)\.(.*)$/.exec(path.basename(name)) ?? []
  if (file === undefined || !member || name.includes('..'))
    throw new RuntimeError(
      'MalformedHandlerName',
      name.includes('..')
        ? `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`
        : 'Bad handler',
    )
  const loaded = await load(path.resolve(taskRoot, path.dirname(name)), file, taskRoot, importFile).catch(rethrow)
  const handler = memberOf(loaded, member) ?? memberOf((loaded as { default?: unknown }).default, member)
  if (handler === undefined) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`)
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`)
  return handler as Handler
}

async function load(folder: string, name: string, taskRoot: string, importFile: ImportFile): Promise<unknown> {
  const file = path.join(folder, name)
  const require = createRequire(`${file}.cjs`)
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    const whole = file + extension
    if (!existsSync(whole)) continue
    const isModule = extension === '.mjs' || (extension === '.js' && isInModulePackage(whole))
    return isModule ? await importFile(pathToFileURL(whole).href) : require(whole)
  }
  return require(require.resolve(name, { paths: [taskRoot, folder] }))
}

function isInModulePackage(file: string): boolean {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json')
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module'
    if (folder === path.dirname(folder) || path.basename(folder) === 'node_modules') return false
  }
}

function rethrow(error: unknown): never {
  if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error))
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'MODULE_NOT_FOUND')
    throw new RuntimeError('ImportModuleError', String(error))
  throw error
}

function memberOf(value: unknown, name: string): unknown {
  let member = value
  for (const key of name.split('.')) member = (member as Record<string, unknown> | undefined)?.[key]
  return member
}
