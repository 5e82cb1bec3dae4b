import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { defaultAlerting } from '../../src/pipeline/deployment/alerting'
import { folderFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { defaultUrls } from '../../src/shared/config/urls'

it.each(['laptop', 'single', 'cluster'] as const)(
  'a link of %s leads to this host though its address was named',
  profile => {
    const urls = Object.fromEntries(Object.keys(defaultUrls).map(name => [name, `https://${name}.example.com/way/`]))
    const packaged = { dockerfile: '', manifest: '', components: [], commands: [], runbooks: [] }
    const files = folderFiles(planOf(profile, { urls }), defaultAlerting(), packaged)
    const texts = files.map(({ content }) => content).join('\n')
    for (const part of ['prometheus', 'alertmanager'])
      expect(texts).toContain(`--web.external-url=https://${part}.example.com/way\n`)
    const rules = files.filter(({ path: file }) => file.startsWith('rules/'))
    const alerts = rules.flatMap(({ content }) =>
      parse(content).groups.flatMap(({ rules }: { rules: object[] }) => rules),
    ) as { annotations?: Record<string, string> }[]
    const named = alerts.flatMap(({ annotations = {} }) => [annotations.runbook_url, annotations.dashboard_url])
    for (const link of named.filter(Boolean))
      expect(link).toMatch(/^https:\/\/(?:receiver|grafana)\.example\.com\/way\//)
  },
)

it.each([
  [{ urls: { grafana: 'grafana.example.com' } }, 'pipeline.urls.grafana is "grafana.example.com"'],
  [{ urls: { graphana: 'https://grafana.example.com' } }, 'pipeline.urls.graphana is nothing that can be set'],
  [{ alerts: { url: 'https://alerts.example.com' } }, 'pipeline.alerts.url is called pipeline.urls.receiver now'],
])('a mistake in an address is not named: %j', (own, words) => {
  expect(() => planOf('single', own)).toThrow(words)
})
