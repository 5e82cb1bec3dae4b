// What becomes of the statements of databases, in attributes as the instrumentations write them.
import { expect, it } from 'vitest'
import { createRedactor } from '../../src/redact'

const redactor = createRedactor()

it.each([
  ["select * from users where name = 'Bob Smith' and age > 42", 'select * from users where name = ? and age > ?'],
  ["INSERT INTO t (a, b) VALUES ('it''s', -1.5e3), (E'a\\'b', 0xFF)", 'INSERT INTO t (a, b) VALUES (?, -?), (E?, ?)'],
  ["update t1 set c2 = 'x' where mail = 'bob@example.com'", "update t1 set c2 = ? where mail = '[EMAIL]'"],
  ['/* job 7 */ SELECT "id", `col 1` FROM "my table" -- it\'s 5\nWHERE x = "Bob Smith" LIMIT 20', '/* job 7 */ SELECT "id", `col 1` FROM ? -- it\'s 5\nWHERE x = ? LIMIT ?'],
  ["select $tag$it's secret$tag$, now()::date", 'select ?, now()::date'],
  ["select 'cut of", 'select ?'],
  ["set search_path = 'x'", 'set search_path = ?'],
  ['SET user:1:name Bob', 'SET user:1:name ?'],
  ['HSET user:1 name Bob', 'HSET user:1 ?'],
  ['MULTI\nLPUSH jobs {"to":"Bob"}\nEXEC', 'MULTI\nLPUSH jobs ?\nEXEC'],
])('%s', (statement, after) => {
  for (const key of ['db.query.text', 'db.statement']) {
    expect(redactor.value(key, statement)).toBe(after)
    expect(redactor.value(key, after)).toBe(after)
  }
  expect(redactor.value('message', statement)).not.toBe(after)
}) // biome-ignore format: a table

it.each([
  "select $1::text as mail where 'a' <> 'x' limit 5",
  "select * from t where a = ? and b = 'c'",
  "select * from t where a = :id and b = 'c'",
  "select * from t where a = @id and b = 'c'",
  "select * from t where a = %s and b = 'c'",
  'SET key [2 other arguments]',
  'SET key ?',
  'GET user:1',
  '{"find":"users","filter":{"name":"?"}}',
  'SHOW server_version_num',
])('leaves %s', statement => expect(redactor.value('db.query.text', statement)).toBe(statement))

it('takes linear time for what never ends', () => {
  for (const part of ["'", '"', '$', '$a', '/*', '--', '(', '[EMAIL', '0', "\\'", '`']) {
    redactor.value('db.query.text', `select ${part.repeat(100_000 / part.length)}`)
  }
})
