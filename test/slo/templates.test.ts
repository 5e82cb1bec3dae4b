// Foreign oracle: promtool reads or refuses the same templates.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { renderRules } from '../../src/monitoring/slo/rule-file'
import { problemInTemplate } from '../../src/monitoring/slo/templates'
import { promtools } from './promtool'

const right = [
  'plain, with } and { and }}',
  'of {{ $labels.instance }}',
  '{{$value | humanizePercentage}}',
  '{{- printf "%.2f }} %s" $value .Labels.job -}}',
  '{{ with query `up{job="a"}` }}{{ . | first | value | humanize }}{{ else }}?{{ end }}',
  '{{ range $i, $x := query "up" }}{{ $i }} {{ $x.Labels.job }}{{ end }}',
  '{{ if gt $value 0.5 }}a{{ else if eq $labels.x "b" }}b{{ else }}c{{ end }}',
  '{{ $externalURL }}{{ externalURL }} {{ index $labels "a-b" }}',
  '{{/* a }} comment */}}x',
  '{{ $x := 5 }}{{ $x }}',
  '{{ "{{" }}',
  '{{ define "t" }}a{{ end }}{{ template "t" }}',
  '{{ (query "up" | first).Labels.job }}',
  '{{ toUpper $labels.a | reReplaceAll "A" "b" }}',
  '{{ range query "up" }}{{ .Value }}{{ end }}',
  '{{ printf "%c" \'x\' }}',
]
const wrong = [
  '{{ $labels.instance',
  '{{ }}',
  '{{ $nothing }}',
  '{{ shout $value }}',
  '{{ if $value }}a',
  'a{{ end }}',
  '{{ else }}',
  '{{ with query "up }}a{{ end }}',
  '{{ $labels.x | upper }}',
  '{{ range $x := query "up" }}{{ $y }}{{ end }}',
]

it.each(right)('takes %s', text => {
  expect(problemInTemplate(text)).toBeUndefined()
})

it.each(wrong)('refuses %s', text => {
  expect(problemInTemplate(text)).toEqual(expect.any(String))
})

if (promtools.length === 0) writeSync(1, 'skipped: templates at promtool: there is none\n')

it.skipIf(promtools.length === 0)('promtool takes and refuses the same', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'slo-templates-'))
  try {
    const files = [...right, ...wrong].map((text, at) => {
      const file = path.join(folder, `${at}.yml`)
      const rule = { alert: 'A', expr: 'up == 0', annotations: { text } }
      writeFileSync(file, renderRules('of a test', [{ name: 'g', rules: [rule] }]))
      return file
    })
    const { stdout, stderr } = spawnSync(promtools[0]![1], ['check', 'rules', ...files], { encoding: 'utf8' })
    const failed = [...`${stdout}\n${stderr}`.matchAll(/(\d+)\.yml: (?:\d+:\d+: )?group/g)].map(([, at]) => Number(at))
    expect(
      [...new Set(failed)].sort((a, b) => a - b),
      `${stdout}${stderr}`,
    ).toEqual(wrong.map((_, at) => right.length + at))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
