// One question to the server as a hook: asked again when the address changes, given up when nobody waits for it any more.
import { useEffect, useState } from 'preact/hooks'
import { ApiError, getJson } from './client'

export interface Loadable<T> {
  /** The last answer stays while the next is under way. */
  readonly data: T | undefined
  readonly error: ApiError | undefined
  readonly loading: boolean
}

/**
 * @param from what to ask, or undefined for nothing
 * @param round another number asks the same again
 */
export function useAnswer<T>(from: string | undefined, round = 0): Loadable<T> {
  const [answer, setAnswer] = useState<Loadable<T> & { from?: string | undefined }>(nothing)
  useEffect(() => {
    if (from === undefined) {
      setAnswer({ ...nothing, loading: false })
      return undefined
    }
    const controller = new AbortController()
    setAnswer(before => ({ ...before, loading: true, error: undefined }))
    getJson<T>(from, controller.signal).then(
      data => setAnswer({ data, error: undefined, loading: false, from }),
      (error: unknown) => {
        if (controller.signal.aborted) return
        setAnswer({ data: undefined, error: asApiError(error), loading: false, from })
      },
    )
    return () => controller.abort()
  }, [from, round])
  return answer
}

const nothing = { data: undefined, error: undefined, loading: true }

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, error instanceof Error ? error.message : String(error))
}
