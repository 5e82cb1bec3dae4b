/** The default SLOs if there is no `slo.yaml`. */

/**
 * Returns a file for `readSlos`, which users can also start from.
 * @param service a `service.name`; by default, all services are measured as one
 */
export function defaultSloFile(service?: string): string {
  const where = service === undefined ? '\n        where: { service.name: { regex: ".*" } }' : ''
  return `# Service level objectives: Sloth's prometheus/v1 with additions of @afn/otel; see docs/slo.md.
version: prometheus/v1
service: ${JSON.stringify(service ?? 'all-services')}
slos:
  - name: availability
    objective: 99.9
    period: 30d
    description: Requests answered without a server error and within the time limit.
    expects_data: as_yesterday # a worker may have no server
    sli:
      ratio:
        metric: http.server.request.duration
        type: histogram${where}
        bad:
          - http.response.status_code: { regex: "5.." }
          - error.type: { regex: ".*[Tt]ime.?[Oo]ut.*|.*TIMEDOUT.*" }

  - name: latency-p95
    objective: 95
    period: 30d
    description: The p95 of request durations stays below 2 s, so 95 % of requests are answered within 2 s.
    expects_data: as_yesterday
    sli:
      latency:
        metric: http.server.request.duration
        # estimated between the bucket edges at 1 and 2.5 s; exact for an app that reads this file (AFN_SLO_FILE)
        threshold: 2s${where}

  - name: http-errors
    objective: 99
    period: 30d
    description: Requests answered with a status below 500; less than 1 % fail.
    expects_data: as_yesterday
    # each of these errors burns availability ten times as fast, which alerts first: here the month counts
    severities: { fast_burn: off, medium_burn: off, slow_burn: off, metric_absent: off, data_invalid: off }
    sli:
      ratio:
        metric: http.server.request.duration
        type: histogram${where}
        bad:
          - http.response.status_code: { regex: "5.." }

  - name: llm-errors
    objective: 99
    period: 30d
    description: LLM calls answered by the provider.
    expects_data: as_yesterday # an app may call none
    severities: { metric_absent: low }
    sli:
      ratio:
        metric: gen_ai.client.inference.duration
        type: histogram${where}
        bad:
          - error.type: { not: "" }

  - name: llm-quality
    objective: 80
    period: 7d
    description: LLM answers that pass their evaluation.
    expects_data: as_yesterday # an app may evaluate none
    severities: { metric_absent: low }
    sli:
      evaluation:${where === '' ? ' {}' : where}
`
}
