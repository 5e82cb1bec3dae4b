// A statement for a database, redacted and without its values.
import { createRedactor } from '../../../src/shared/redact'
import type { Surface } from '../search.mjs'

const redactor = createRedactor()
const statement =
  "SELECT o.id, o.total, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = 'open' AND o.total > 100.50 ORDER BY o.id LIMIT 50;\n"

export const statements: Surface = {
  name: 'statements',
  anchors: [statement, "SELECT '", 'SELECT "', 'SELECT $a$', 'SELECT /*', 'SELECT --', 'SELECT 1', 'select values ', '{"find":"a","k{n}":"', '{"k{n}":1,', '{"a":[', '[[', 'SET a ', 'HSET a ', 'EVAL ', 'set a 1 1 1\n', "'", "''", "\\'", "E'", '"', '""', '"a"', '= "', '`', '$$', '$1', '$a', '/*', '*/', '--', '\n', '=', '=a', ',', '(', ')', '[', ']', '[EMAIL]', 'values', 'VALUES (', 'in ("', 'like "', '1', '1.', 'a1', '?', ':a', '@a', '\\', ';'], // biome-ignore format: a table
  harmless: length => statement.repeat(length / statement.length + 1).slice(0, length),
  run: text => redactor.value('db.query.text', text),
}
