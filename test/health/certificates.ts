// Certificates of openssl: an authority of our own, and servers whose name is right, wrong, or whose time is over.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Certificates {
  /** PEM file of the authority. */
  ca: string
  server: { cert: string; key: string }
  /** Names another host. */
  wrongName: { cert: string; key: string }
  expired: { cert: string; key: string }
  remove(): void
}

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-certificates-'))
  const at = (name: string) => path.join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority', '-days', '2')
  // `openssl ca` alone can set when a certificate began and ended
  writeFileSync(at('index.txt'), '')
  writeFileSync(at('serial'), '01\n')
  writeFileSync(
    at('ca.cnf'),
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${at('index.txt')}\nserial=${at('serial')}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\ncopy_extensions=copy\nunique_subject=no\n[p]\ncommonName=supplied\n`,
  )
  const signed = (name: string, names: string, end: string) => {
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`]
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...subject)
    const dates = ['-startdate', '20200101000000Z', '-enddate', end]
    const authority = ['-cert', 'ca.pem', '-keyfile', 'ca.key']
    openssl('ca', '-batch', '-config', 'ca.cnf', '-notext', ...authority, ...dates, '-in', `${name}.csr`, '-out', `${name}.pem`) // biome-ignore format: one line
    return { cert: at(`${name}.pem`), key: at(`${name}.key`) }
  }
  const here = 'DNS:localhost,IP:127.0.0.1'
  return {
    ca: at('ca.pem'),
    server: signed('server', here, '20990101000000Z'),
    wrongName: signed('wrong', 'DNS:elsewhere.example', '20990101000000Z'),
    expired: signed('expired', here, '20210101000000Z'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
