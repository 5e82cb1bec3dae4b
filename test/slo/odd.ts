/** Files of SLOs that are valid and unlike the defaults. */

export const oddFiles: Readonly<Record<string, string>> = {
  "Sloth's own example, over 28 days": `
version: prometheus/v1
service: k8s-apiserver
period: 28d
labels: { cluster: valhalla, tier: "1" }
slos:
  - name: requests-availability
    objective: 99.9
    description: 'It says {{ $labels.cluster }} and "quotes"'
    sli:
      events:
        error_query: sum(rate(apiserver_request_total{code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(apiserver_request_total[{{ .window }}]))
    alerting:
      name: K8sApiserverAvailabilityAlert
      labels: { category: availability }
      annotations: { runbook: "https://example.com/{{ $labels.sloth_slo }}" }
`,
  'buckets in a query of its own, with an objective of one decimal more': `
version: prometheus/v1
service: k8s-apiserver
slos:
  - name: requests-latency
    objective: 99.95
    sli:
      events:
        error_query: |
          (
            sum(rate(apiserver_request_duration_seconds_count{verb!="WATCH"}[{{.window}}]))
            -
            sum(rate(apiserver_request_duration_seconds_bucket{le="0.4",verb!="WATCH"}[{{.window}}]))
          )
        total_query: sum(rate(apiserver_request_duration_seconds_count{verb!="WATCH"}[{{.window}}]))
`,
  'a ratio that Prometheus computes, with a name of one letter and dots': `
version: prometheus/v1
service: edge.proxy_1
slos:
  - name: x
    objective: 97.5
    sli:
      raw:
        error_ratio_query: |
          (sum(rate(edge_requests_total{outcome="failed"}[{{.window}}])) / sum(rate(edge_requests_total[{{.window}}])))
`,
  'good events of a counter, two of whose outcomes do not count, at half': `
version: prometheus/v1
service: jobs
slos:
  - name: success
    objective: 50
    period: 7d
    low_traffic: { failures: 5, events: 200 }
    sli:
      ratio:
        metric: job.runs
        unit: '{run}'
        where: { outcome: { not_regex: skipped|cancelled }, service.name: { regex: jobs-.+ } }
        good:
          - outcome: done
          - outcome: { regex: 'retried(_ok)?' }
`,
  'a native histogram in milliseconds': `
version: prometheus/v1
service: search
slos:
  - name: fast-answers
    objective: 90
    sli:
      latency: { metric: search.duration, unit: ms, threshold: 300ms, native: true }
    alerting: { ticket_alert: { disable: true } }
`,
  'two metrics whose errors have another name, by route, and weekly maintenance that does not count': `
version: prometheus/v1
service: gateway
exclude: [{ days: [sunday], from: "23:00", to: "02:00", reason: backup }]
slos:
  - name: routes
    objective: 99
    severities: { long_term_burn: off, fast_burn: high }
    sli:
      events:
        error_query: sum by (route) (rate(gateway_errors_total[{{.window}}])) + sum by (route) (rate(gateway_timeouts_total{kind!=""}[{{.window}}]))
        total_query: sum by (route) (rate(gateway_requests_total[{{.window}}]))
`,
}
