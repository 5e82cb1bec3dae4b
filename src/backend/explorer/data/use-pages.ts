// A list that comes in pages: each answer says where the next one begins.
import { useEffect, useRef, useState } from 'preact/hooks'
import { type ApiError, getJson, type Parameters, url } from './client'
import { asApiError } from './use-answer'

export interface Pages<Answer> {
  /** In the order in which they came. */
  readonly answers: readonly Answer[]
  readonly error: ApiError | undefined
  readonly loading: boolean
  /** Whether all pages are here. */
  readonly complete: boolean
  more(): void
}

type LoadedPages<Answer> = Omit<Pages<Answer>, 'more'>

/**
 * The pages of a list stay until the first page of the same list for another time has come.
 * @param round another number loads the same pages again
 */
export function usePages<Answer extends { readonly next: string | null }>(
  path: string,
  parameters: Parameters,
  round: number,
): Pages<Answer> {
  const [state, setState] = useState<LoadedPages<Answer>>(begin)
  const controller = useRef(new AbortController())
  const list = url(path, { ...parameters, start: undefined, end: undefined })
  const loaded = useRef(list)
  const load = async (before: readonly Answer[], pages = 1) => {
    const { signal } = controller.current
    setState(state => ({ ...state, loading: true, error: undefined }))
    try {
      const answers = [...before]
      for (let left = pages; left > 0 && answers.at(-1)?.next !== null; left--) {
        const after = answers.at(-1)?.next ?? undefined
        answers.push(await getJson<Answer>(url(path, { ...parameters, after }), signal))
      }
      if (signal.aborted) return
      setState({ answers, error: undefined, loading: false, complete: answers.at(-1)?.next === null })
    } catch (error) {
      if (!signal.aborted) setState(state => ({ ...state, loading: false, error: asApiError(error) }))
    }
  }
  useEffect(() => {
    controller.current = new AbortController()
    const isSame = list === loaded.current
    if (!isSame) setState(begin)
    loaded.current = list
    // a refresh keeps what the reader has paged to
    load([], isSame ? Math.max(1, state.answers.length) : 1)
    return () => controller.current.abort()
  }, [url(path, parameters), round])
  return {
    ...state,
    more: () => {
      if (!state.loading && !state.complete) load(state.answers)
    },
  }
}

const begin = { answers: [], error: undefined, loading: true, complete: false }
