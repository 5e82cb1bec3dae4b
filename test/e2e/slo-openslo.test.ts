// `afn-otel slo import|export openslo` as a user runs them: what stands on stdout, what on stderr, and the exit code.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { run } from '../support/run'

const folder = makeApp({ files: {} })
const slo = (...args: string[]) => run(folder, ['node_modules/@afn/otel/dist/cli.cjs', 'slo', ...args])

it('the SLOs of the package go to OpenSLO and come back as a file that has no mistake', async () => {
  const exported = await slo('export', 'openslo')
  expect(exported.code).toBe(0)
  expect(exported.stdout.match(/^kind: SLO$/gm)).toHaveLength(5)
  writeFileSync(path.join(folder, 'openslo.yaml'), exported.stdout)
  const imported = await slo('import', 'openslo', 'openslo.yaml')
  expect(imported).toMatchObject({ code: 0, stderr: '' })
  writeFileSync(path.join(folder, 'back.yaml'), imported.stdout)
  expect(await slo('check', 'back.yaml', '--retention', '31d')).toMatchObject({
    code: 0,
    stdout: 'ok: 5 SLOs in back.yaml\n',
  })
})

it("an SLO that OpenSLO can't have is reported with its place, the others are written, and the exit code is 1", async () => {
  const one = (name: string, window: string) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{ duration: ${window}, isRolling: true }]
  indicator: { metadata: { name: i }, spec: { ratioMetric: { bad: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(e[{{.window}}]))' } } }, total: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(t[{{.window}}]))' } } } } } }
  objectives: [{ target: 0.99 }]
`
  writeFileSync(path.join(folder, 'two.yaml'), `${one('odd', '2w')}---\n${one('right', '4w')}`)
  const { code, stdout, stderr } = await slo('import', 'openslo', 'two.yaml')
  expect(code).toBe(1)
  expect(stderr).toBe('two.yaml:7:28 refused: the period 2w has no equivalent; write 30d, 28d, 7d\n')
  expect(stdout).toMatch(/service: shop\nslos:\n {2}- name: right\n/)
})

it.each([
  [['import', 'openslo'], /needs files/],
  [['import', 'sloth', 'a.yaml'], /takes openslo, not "sloth"/],
  [['export'], /takes openslo/],
  [['import', 'openslo', 'absent.yaml'], /ENOENT.*absent\.yaml/],
])('slo %j is not right: exit code 2 and what would be', async (args, message) => {
  const { code, stderr } = await slo(...args)
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
