// F10: the statements of the review (leak-app.cjs), each with a name that has to go. They are held under both keys that instrumentations write.
// What is left of them reads on as the statement of the same language; test/unit/redact-statement.test.ts says how.
import { expect, it } from 'vitest'
import { createRedactor } from '../../../src/shared/redact'

const { value } = createRedactor()

const statements = [
  "select * from users where name = 'Zoe Zzzleak' and ssn = 'x'",
  "select * from users where id = $1 and name = 'Zoe Zzzleak'",
  '/* user=Zzzleak */ select 1',
  "MATCH (p:Person {surname: 'Zzzleak'}) RETURN p",
  '{"find":"users","filter":{"surname":"Zzzleak"}}',
  "PRAGMA key = 'Zzzleak'",
  "select * from t where tags ? 'a' and surname='Zzzleak'",
  "select * from t where ts > '2026-01-01 10:00' and s = 'Zzzleak' and a::text = :p",
  "select * from t where s like '%s' and n='Zzzleak'",
  "SHOW GRANTS FOR 'Zzzleak'",
  "select * from t where n = N'Zzzleak'",
  "-- get user\nselect * from t where n = 'Zzzleak'",
  "refresh x; select * from t where n='Zzzleak'",
  "IF EXISTS(select 1 from t where n='Zzzleak') select 1",
  "select * from t where n = 'Zoe \\' and m = 'Zzzleak'",
  'select * from t where n = "Zzzleak"',
  'SET user:1 Zzzleak',
  'HSET u:1 email bob@example.com name Zzzleak',
  'EVAL "return 1" 1 k Zzzleak',
  'SETRANGE k 0 Zzzleak',
  'JSON.SET u:1 $ {"name":"Zzzleak"}',
  'SISMEMBER names Zzzleak',
  'LPOS l Zzzleak',
  'ZSCORE z Zzzleak',
  'multi\nset k Zzzleak\nexec',
  'set k 0 0 5\r\nZzzleak',
]

it.each(statements)('F10: %s leaves no literal', statement => {
  for (const key of ['db.query.text', 'db.statement']) {
    const after = value(key, statement) as string
    expect(after).not.toContain('Zzz')
    expect(after).not.toBe('')
  }
})

it('F10: a parameter of a statement is a value like any other', () => {
  expect(value('db.query.parameter.password', 'hunter2zz')).toBe('[REDACTED]')
  expect(value('db.query.parameter.0', 'bob@example.com')).toBe('[EMAIL]')
})
