// `npm run lambda-layer [-- OPTIONS]`: a layer of AWS Lambda, as an archive for `aws lambda publish-layer-version`. The same package makes the
// same bytes: entries are sorted, and have one moment and fixed modes.
//   --package FILE   of `npm pack`, which is run by default
//   --output FILE    .tmp/afn-otel-lambda-layer.zip by default
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { zipSync } from 'fflate'
import { layOutPackage, packPackage } from './images/package-folder.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** What is in the archive stands in /opt of a function. */
const WRAPPER = 'otel-handler'

/** The earliest that a zip file can say. It has no time zone: this is the same in each. */
const MOMENT = new Date(1980, 0, 1)

const { values } = parseArgs({
  options: {
    package: { type: 'string' },
    output: { type: 'string', default: path.join(root, '.tmp/afn-otel-lambda-layer.zip') },
  },
})
const output = path.resolve(values.output)
const work = mkdtempSync(path.join(tmpdir(), 'afn-layer-'))
try {
  const layer = path.join(work, 'layer')
  layOutPackage(
    root,
    values.package ? path.resolve(values.package) : packPackage(root, work),
    path.join(layer, 'nodejs'),
  )
  cpSync(path.join(root, 'images/aws-lambda-layer', WRAPPER), path.join(layer, WRAPPER))
  mkdirSync(path.dirname(output), { recursive: true })
  writeFileSync(output, archiveOf(layer))
  console.log(output)
} finally {
  rmSync(work, { recursive: true, force: true })
}

function archiveOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort()
  const entries = files.map(file => {
    const mode = file === WRAPPER ? 0o100755 : 0o100644
    // 3: made on Unix, whose modes stand in the upper half
    return [file, [readFileSync(path.join(folder, file)), { os: 3, attrs: mode * 0x10000 }]]
  })
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: MOMENT })
}
