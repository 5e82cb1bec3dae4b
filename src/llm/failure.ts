// The name of a failure that no provider named. Called by the call, for `error.type`.
import { ERROR_TYPE_VALUE_OTHER } from '../../semconv'

/** undici's errors say `fetch failed`; what happened stands in the cause. */
export function failureName(error: unknown): string {
  return named((error as Error | undefined)?.cause) ?? named(error) ?? ERROR_TYPE_VALUE_OTHER
}

function named(error: unknown): string | undefined {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (typeof code === 'string' && code) return code
  return typeof name === 'string' && name !== '' && name !== 'Error' ? name : undefined
}
