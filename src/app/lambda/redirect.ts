// Chunk `lambda`: has Lambda's runtime client load `dist/lambda.mjs` in the place of the function's handler, which that file asks for
// here. It works for bundled functions too, of which nothing can be patched.
import path from 'node:path'
import { isMainThread } from '../main-thread'
import { slot } from '../runtime'
import type { Distribution } from './distribution'
import { type ImportFile, loadHandler } from './function-handler'
import { observedHandler } from './observed-handler'

/**
 * @param directory of the package's `dist`
 * @returns whether there is a handler that is asked for
 */
export function redirectHandler(directory: string, distribution: Distribution): boolean {
  if (!isMainThread) return false
  const { argv, env } = process
  // images of the user's own start the client with the handler as its argument
  const isArgument = argv[1]?.split(path.sep).some(name => name.startsWith('aws-lambda-ric')) && argv[2] !== undefined
  const name = isArgument ? argv[2] : env._HANDLER
  if (!name) return false
  const ours = `${path.join(directory, 'lambda')}.handler`
  const set = (handler: string) => {
    if (isArgument) argv[2] = handler
    if (env._HANDLER) env._HANDLER = handler
  }
  set(ours)
  slot().lambda = async importFile => {
    // the function's own code reads them
    set(name)
    const importHooked: ImportFile = url => {
      distribution.armEsm()
      return importFile(url)
    }
    return observedHandler(await loadHandler(name, env.LAMBDA_TASK_ROOT ?? process.cwd(), importHooked), distribution)
  }
  return true
}
