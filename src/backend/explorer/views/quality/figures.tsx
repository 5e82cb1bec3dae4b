// Figures with their intervals, and evaluators, as the panels of quality show them.
import type { ComponentChildren } from 'preact'
import type { Bounds, EvaluationKey } from '../../../api/quality-answers'
import { isTextKey, type Translate } from '../../i18n'

export function Small({ children }: { children: ComponentChildren }) {
  return <span class="quiet bounds">{children}</span>
}

export function boundsText(t: Translate, { low, high }: Bounds, format: (value: number) => string): string {
  return t('quality.bounds', { low: format(low), high: format(high) })
}

/** Senders may write any word. */
export function evaluatorTypeText(t: Translate, type: string): string {
  const key = `quality.judge.${type}`
  return isTextKey(key) ? t(key) : type
}

export const three = (value: number): string => String(Number(value.toPrecision(3)))

type Part = Pick<EvaluationKey, 'model' | 'promptName' | 'promptVersion'>

export function partName(t: Translate, { model, promptName, promptVersion }: Part): string {
  const prompt = [promptName, promptVersion].filter(part => part !== null).join(' ')
  return [model, prompt].filter(Boolean).join(' · ') || t('quality.everything')
}
