// What becomes of the statements of databases, in attributes as the instrumentations write them.
import { expect, it } from 'vitest'
import { createRedactor } from '../../src/shared/redact'

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
  ["select $1::text as mail where 'a' <> 'x' limit 5", 'select $1::text as mail where ? <> ? limit ?'],
  ["select * from users where id = $1 and name = 'Zoe Zimmer'", 'select * from users where id = $1 and name = ?'],
  ["select * from t where tags ? 'a' and surname='Zoe'", "select * from t where tags ? ? and surname='[NAME]'"],
  ["select * from t where a = :p and s = 'Zoe'", 'select * from t where a = :p and s = ?'],
  ['select * from "Users" where "Users"."name" = \'Zoe Q\' and x = @p1', 'select * from "Users" where "Users"."name" = ? and x = @p1'],
  ["-- get user\nselect * from t where n = 'Zoe'", '-- get user\nselect * from t where n = ?'],
  ['/* user=zoe */ select 1', '/* user=? */ select ?'],
  ["PRAGMA key = 'Zoe'", 'PRAGMA key = ?'],
  ["SHOW GRANTS FOR 'Zoe'", 'SHOW GRANTS FOR ?'],
  ["IF EXISTS(select 1 from t where n = 'Zoe') print 'x'", 'IF EXISTS(select ? from t where n = ?) print ?'],
  ["refresh x; select 'Zoe'", 'refresh x; select ?'],
  ["MATCH (p:Person {surname: 'Zoe'}) RETURN p", "MATCH (p:Person {surname: '[NAME]'}) RETURN p"],
  ["select * from t where n = 'Zoe \\' and m = 'Zzz'", 'select * from t where n = ? and m = ?'],
  ["select * from t where n = 'it\\'s Zoe' and m = 1", 'select * from t where n = ? and m = ?'],
  ['select * from t where n = "Zoe"', 'select * from t where n = ?'],
  ['select * from a join b on "a"."id" = "b"."a_id"', 'select * from a join b on "a"."id" = "b"."a_id"'],
  ['insert into "t" ("a") values ("Zoe")', 'insert into "t" ("a") values (?)'],
  ['{"find":"users","filter":{"surname":"Zoe","age":4}}', '{"find":"users","filter":{"surname":"[NAME]","age":"?"}}'],
  ['EVAL "return 1" 1 k Zoe', 'EVAL ?'],
  ['SETRANGE k 0 Zoe', 'SETRANGE k ?'],
  ['JSON.SET u:1 $ {"name":"Zoe"}', 'JSON.SET u:1 ?'],
  ['SISMEMBER names Zoe', 'SISMEMBER names ?'],
  ['LPOS l Zoe', 'LPOS l ?'],
  ['ZSCORE z Zoe', 'ZSCORE z ?'],
  ['set k 0 0 3\r\nZoe', 'set k 0 0 3\r\n?'],
])('no literal of %s is left', (statement, after) => {
  expect(redactor.value('db.query.text', statement)).toBe(after)
}) // biome-ignore format: a table

it.each([
  'select * from t where a = ? and b = $2 and c = :id and d = @id and e = %s',
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
