// The texts of the pipeline's alerts in Japanese: none is missing, and each says the same numbers and labels as the English one.
import { expect, it } from 'vitest'
import { pipelineRules } from '../../src/monitoring/pipeline-rules/rules'
import { japanese } from '../../src/monitoring/pipeline-rules/words-ja'
import { problemInTemplate } from '../../src/monitoring/slo/templates'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** @param logDays undefined where Loki keeps log records */
const rulesWith = (language: 'en' | 'ja', logDays: Record<string, number> | undefined): Rule[] =>
  pipelineRules({
    collectors: 2,
    langfuse: true,
    retentionDays: { high: 7, medium: 30, low: 365 },
    logDays,
    thanos: true,
    alertmanagers: 2,
    scheduledJobs: [{ name: 'reconcile', seconds: 3_600 }],
    receiver: true,
    changed: {},
    environment: 'production',
    alertsUrl: 'http://alerts',
    language,
  }).groups.flatMap(group => (group as { rules: Rule[] }).rules)

const rulesIn = (language: 'en' | 'ja') => [{ info: 7 }, undefined].flatMap(logDays => rulesWith(language, logDays))

const filledIn = (text: string) => (text.match(/\{\{.*?\}\}/g) ?? []).sort()

it('an alert has no text in Japanese, another number in it, or another condition', () => {
  const [english, other] = [rulesIn('en'), rulesIn('ja')]
  expect(english.length).toBeGreaterThan(60)
  expect(other.map(({ alert }) => alert)).toEqual(english.map(({ alert }) => alert))
  for (const [at, { alert, annotations, ...rule }] of other.entries()) {
    const { annotations: said, ...same } = english[at]!
    expect({ alert, ...rule }).toEqual(same)
    expect([alert, annotations.runbook_url]).toEqual([alert, said.runbook_url])
    expect([alert, filledIn(annotations.summary!)]).toEqual([alert, filledIn(said.summary!)])
    for (const text of [annotations.summary!, annotations.description!]) {
      expect(text, alert).toMatch(/[\u3040-\u30FF].*[。]$/u)
      expect([alert, problemInTemplate(text)]).toEqual([alert, undefined])
      // names that people look for are the same
    }
    const names = (text: string) => new Set(text.match(/\b(?:AFN_[A-Z_]+|OTEL_[A-Z_]+|afn-otel [a-z]+|pipeline\.\w+)/g))
    expect([alert, names(annotations.description!)]).toEqual([alert, names(said.description!)])
  }
})

it('a text in Japanese is of no alert', () => {
  const known = rulesIn('en').flatMap(({ alert, labels }) => [alert, `${alert} ${labels.severity}`])
  expect(Object.keys(japanese).filter(name => !known.includes(name))).toEqual([])
})
