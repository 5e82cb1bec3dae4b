// A file of SLOs with one of everything, for what has to come back as it went: as OpenSLO, and as a file.

export const oddSlos = `
version: prometheus/v1
service: Shop_EU.v2
labels: { team: "a,b", _hidden: "x", tier: "1" }
exclude:
  - { start: "2026-12-01T02:00:00+09:00", end: "2026-12-01T04:30:00+09:00", reason: "move: new rack" }
slos:
  - name: by-queries
    objective: 99.9999
    description: "${'long '.repeat(250)}end"
    sli:
      events:
        error_query: |
          sum(rate(http_requests_total{code=~"5..", path!="/a\\"b"}[{{ .window }}]))
        total_query: sum(rate(http_requests_total[{{.window}}]))
  - name: Raw_one
    objective: 33.333333333333336
    period: 28d
    labels: { own: "yes" }
    sli:
      raw: { error_ratio_query: '1 - (sum(rate(ok[{{.window}}])) / sum(rate(all[{{.window}}])))' }
    alerting:
      name: Odd name
      labels: { a: "1" }
      annotations: { link: "https://example.com/?a=b" }
      page_alert: { disable: true }
      ticket_alert: { labels: { b: "2" } }
  - name: good-ones
    objective: 95
    period: 7d
    severities: { slow_burn: "off", long_term_burn: high, metric_absent: critical, data_invalid: "off" }
    low_traffic: { failures: 5, events: 100 }
    sli:
      ratio:
        metric: afn.jobs
        unit: "{job}"
        where: { queue: { not_regex: "test.*" }, service.name: { regex: ".*" }, retried: false, attempts: 3 }
        good:
          - outcome: done
          - outcome: skipped
            reason: { not: error }
  - name: slow-queries
    objective: 99
    exclude:
      - { days: [sunday, wednesday], from: "22:30", to: "01:00", reason: backup }
    sli:
      latency: { metric: db.client.operation.duration, unit: ms, threshold: 1.5s, where: { db.system.name: postgresql } }
  - name: native
    objective: 90
    severities: { fast_burn: "off", medium_burn: "off", slow_burn: "off", long_term_burn: "off", metric_absent: "off", data_invalid: "off" }
    sli:
      latency: { metric: http.client.request.duration, threshold: 0.3, native: true }
  - name: evaluated
    objective: 80
    sli:
      evaluation: { name: relevance, where: { afn.llm.evaluation.outcome: { not: error }, gen_ai.request.model: gpt-5 } }
---
version: prometheus/v1
service: as-sloth
compat: sloth
slos:
  - name: requests
    objective: 99.5
    sli:
      events:
        error_query: sum(rate(e[{{.window}}]))
        total_query: sum(rate(t[{{.window}}]))
    alerting: { name: Requests, page_alert: { labels: { severity: page } } }
`
