// What is kept of a request survives a full disk and a kill; what opens it is a key file for the owner alone.
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSecretFile, readSecretFile, secretOf } from '../../../src/operations/gdpr/secret'
import { openStateFolder, type RequestState } from '../../../src/operations/gdpr/state'
import { parseSubject } from '../../../src/operations/gdpr/subject'

const request = (number: number, more: Partial<RequestState> = {}): RequestState => ({
  version: 1,
  id: 'c7c4a1d2-0000-4000-8000-000000000000',
  handle: 'a'.repeat(40),
  number,
  receivedAt: 1,
  dueAt: 2,
  phase: 'running',
  keyIds: [],
  stores: {},
  ...more,
})

describe('the state folder', () => {
  it('has the newest request of a person, whatever a kill left beside it', () => {
    const folder = path.join(mkdtempSync(path.join(tmpdir(), 'afn-gdpr-')), 'state')
    const state = openStateFolder(folder)
    expect(state.newest('a'.repeat(40))).toBeUndefined()
    for (const number of [0, 1, 2, 10]) state.save(request(number))
    const draft = path.join(folder, `erase-${'a'.repeat(40)}-10.json.new`)
    writeFileSync(draft, '{"half":')
    writeFileSync(path.join(folder, 'notes.txt'), 'x')
    expect(state.newest('a'.repeat(40))?.number).toBe(10)
    expect(state.all()).toHaveLength(4)
    state.save(request(10, { phase: 'done' }))
    expect([existsSync(draft), state.newest('a'.repeat(40))?.phase]).toEqual([false, 'done'])
    expect([
      statSync(folder).mode & 0o77,
      ...readdirSync(folder)
        .filter(name => name.startsWith('erase'))
        .map(name => statSync(path.join(folder, name)).mode & 0o77),
    ]).toEqual([0, 0, 0, 0, 0])
  })

  it('names a file that can not be read, instead of beginning anew', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-'))
    const state = openStateFolder(folder)
    writeFileSync(path.join(folder, `erase-${'a'.repeat(40)}-0.json`), '')
    expect(() => state.newest('a'.repeat(40))).toThrow(/erase-a+-0\.json can't be read/)
    state.save(request(1, { version: 2 } as never))
    expect(() => state.newest('a'.repeat(40))).toThrow('its version is 2')
  })
})

describe('the key of the requests', () => {
  const secret = secretOf(generateKeyPairSync('ed25519').privateKey)

  it('opens what it sealed for this request, and for no other', () => {
    const sealed = secret.seal('one', { user: 'bob' })
    expect(secret.unseal('one', sealed)).toEqual({ user: 'bob' })
    expect(() => secret.unseal('two', sealed)).toThrow()
    expect(() => secretOf(generateKeyPairSync('ed25519').privateKey).unseal('one', sealed)).toThrow()
    expect(JSON.stringify(secret.seal('one', { user: 'bob' }))).not.toBe(JSON.stringify(sealed))
  })

  it('finds the request of the same identifiers, and of no others', () => {
    const handle = secret.handleOf(parseSubject(['bob@example.com', 'user-0017']))
    expect(handle).toMatch(/^[\da-f]{40}$/)
    expect(secret.handleOf(parseSubject(['user.id=user-0017', 'email=bob@example.com']))).toBe(handle)
    expect(secret.handleOf(parseSubject(['bob@example.com']))).not.toBe(handle)
  })

  it('is made once, for the owner alone, and refused where others can read it', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'afn-gdpr-')), 'gdpr.pem')
    createSecretFile(file)
    const before = readFileSync(file, 'utf8')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(() => createSecretFile(file)).toThrow('EEXIST')
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(readSecretFile(file).signing.asymmetricKeyType).toBe('ed25519')
    chmodSync(file, 0o640)
    expect(() => readSecretFile(file)).toThrow('chmod 600')
    chmodSync(file, 0o600)
    writeFileSync(
      file,
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
    )
    expect(() => readSecretFile(file)).toThrow('not an Ed25519 key')
  })
})
