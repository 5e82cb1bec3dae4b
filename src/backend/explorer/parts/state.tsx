// What stands where an answer will be, is not, or is empty.
import type { ComponentChildren } from 'preact'
import type { ApiError } from '../data/client'
import { useText } from '../i18n'
import { MarkedText } from './marked-text'

export function Failure({ error, again }: { error: ApiError; again?: (() => void) | undefined }) {
  const t = useText()
  return (
    <div class="state failure" role="alert">
      <strong>{error.status === 0 ? t('state.unreachable') : t('state.failed', { status: error.status })}</strong>
      <p class="sent">{error.message}</p>
      {again && (
        <button type="button" onClick={again}>
          {t('state.again')}
        </button>
      )}
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <strong>{title}</strong>
      {children}
    </div>
  )
}

export function Loading() {
  return (
    <div class="state loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {useText()('state.loading')}
    </div>
  )
}

/** Where the answer is another than Tempo's. */
export function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null
  return (
    <div role="status">
      <ul class="warnings">
        {warnings.map(warning => (
          <li key={warning}>
            <MarkedText text={warning} />
          </li>
        ))}
      </ul>
    </div>
  )
}
