// When an exporter of the Collector last delivered something, by Prometheus' own engine: promtool evaluates what doctor asks on series
// that are written down here, a sample each 15 s. The answers are by hand.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, it } from 'vitest'
import { lastGrowth } from '../../src/pipeline/doctor/collector/queues'

const promtool = inject('promtool')

it.skipIf(promtool === undefined)(
  'an exporter that stopped is known by its last growth, one that never sent is not',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-promtool-'))
    const file = path.join(folder, 'test.yml')
    const test = {
      interval: '15s',
      input_series: [
        { series: 'otelcol_exporter_sent_spans_total{exporter="stopped"}', values: '0+1x40 40x400' },
        { series: 'otelcol_exporter_sent_metric_points{exporter="going"}', values: '0+1x500' },
        { series: 'otelcol_exporter_sent_spans_total{exporter="silent"}', values: '7x500' },
      ],
      promql_expr_test: [
        {
          expr: lastGrowth,
          eval_time: '100m',
          exp_samples: [
            { labels: '{exporter="stopped"}', value: 600 },
            { labels: '{exporter="going"}', value: 6_000 },
          ],
        },
      ],
    }
    writeFileSync(file, JSON.stringify({ evaluation_interval: '15s', tests: [test] }))
    const { stdout } = await promisify(execFile)(promtool!, ['test', 'rules', file]).catch(error => error)
    expect(stdout).toContain('SUCCESS')
    rmSync(folder, { recursive: true, force: true })
  },
)
