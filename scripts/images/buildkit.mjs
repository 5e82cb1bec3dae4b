// BuildKit, the builder behind `docker build`: the one of BUILDKIT_HOST, else one that is started here, which needs root.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBuildkit } from '../../test/support/binaries.mjs'

/**
 * @param {string} work a folder for what is thrown away
 * @param {(build: (image: Image) => void) => Promise<void>} use
 */
export async function withBuildkit(work, use) {
  const found = findBuildkit()
  if ('missing' in found) throw new Error(found.missing)
  const { buildctl, buildkitd } = found
  const host = process.env.BUILDKIT_HOST
  if (host) {
    await answers(buildctl, host, () => undefined)
    return use(image => build(buildctl, host, image))
  }
  const folder = path.join(work, 'buildkit')
  mkdirSync(folder, { recursive: true })
  const address = `unix://${folder}/buildkitd.sock`
  const log = path.join(folder, 'log')
  const options = ['--addr', address, '--root', path.join(folder, 'root'), '--oci-worker-net', 'host']
  const daemon = spawn(buildkitd, options, { stdio: ['ignore', openSync(log, 'a'), openSync(log, 'a')] })
  const ended = new Promise(resolve => daemon.once('close', resolve))
  try {
    await answers(buildctl, address, () =>
      daemon.exitCode === null ? undefined : readFileSync(log, 'utf8').slice(-2_000),
    )
    await use(image => build(buildctl, address, image))
  } finally {
    daemon.kill()
    await ended
  }
}

/** @throws Error when it says why it ended, or does not answer within a minute */
async function answers(buildctl, address, whyEnded) {
  const deadline = Date.now() + 60_000
  const refusal = () => {
    const { status, stderr } = spawnSync(buildctl, ['--addr', address, 'debug', 'workers'], { encoding: 'utf8' })
    return status === 0 ? undefined : stderr
  }
  for (let refused = refusal(); refused !== undefined; refused = refusal()) {
    const reason = whyEnded() ?? (Date.now() > deadline ? refused : undefined)
    if (reason !== undefined) throw new Error(`BuildKit at ${address}: ${reason}`)
    await sleep(200)
  }
}

/**
 * @typedef {object} Image
 * @property {string} name of a folder in `output` with a Dockerfile and what it adds
 * @property {string} output gets `NAME.oci.tar`
 * @property {readonly string[]} architectures
 * @property {string} epoch seconds
 * @property {string} revision commit
 * @property {string} repository of images, and
 * @property {string} version in it: what the provenance is about
 */

/** @param {string} buildctl @param {string} address @param {Image} image */
function build(buildctl, address, { name, output, architectures, epoch, revision, repository, version }) {
  const archive = path.join(output, `${name}.oci.tar`)
  const context = path.join(output, name)
  const options = {
    platform: architectures.map(arch => `linux/${arch}`).join(','),
    'build-arg:SOURCE_DATE_EPOCH': epoch,
    'label:org.opencontainers.image.title': name,
    'label:org.opencontainers.image.licenses': 'Apache-2.0',
    'label:org.opencontainers.image.revision': revision,
    'attest:provenance': 'mode=max,version=v1',
    'vcs:revision': revision,
  }
  execFileSync(
    buildctl,
    [
      ...['--addr', address, 'build', '--progress', 'plain', '--frontend', 'dockerfile.v0'],
      ...['--local', `context=${context}`, '--local', `dockerfile=${context}`],
      ...Object.entries(options).flatMap(([key, value]) => ['--opt', `${key}=${value}`]),
      ...['--output', `type=oci,dest=${archive},rewrite-timestamp=true,name=${repository}/${name}:${version}`],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  chmodSync(archive, 0o644)
}
