// Which requests are probes of the health endpoints. Traced, and counted among the requests of users, they would hide those.
import { slot } from './runtime'

/** @param path of the request, with or without its query */
export function isProbe(method: unknown, path: unknown): boolean {
  const { probePaths } = slot()
  if (!probePaths || (method !== 'GET' && method !== 'HEAD') || typeof path !== 'string') return false
  return probePaths.has(path.split('?', 1)[0]!.replace(/(?<=.)\/$/, ''))
}
