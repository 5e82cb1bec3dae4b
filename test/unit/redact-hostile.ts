/** Pieces that, repeated, keep every detector busy: anchors, half values, quotes that never close. */

const S = '\\'

export const hostile = [
  'a', '@', 'a@b', 'x@y.1', '%40', '%2b%40', "'o'@", 'eyJ', 'eyJa.', 'eyJaaaaaaaa.', '1-', '1 ', '4111 ', '+1 ', '.1', '0', '[1,',
  `${S}${S}"`, `${S}"key${S}":`, `"password":"`, `"token":"`, `"token":"${S}`, `${S}"token${S}":${S}"`, `"password":'`, 'token:`',
  '"secret":{', '"secret":[', '"secret":["', 'token=', 'password=', ' password: ', 'password=,a', 'password=a.a.a', 'token=a(',
  '?token=', '?code=', 'secret, ', 'authorization: token a', 'cookie: a="', 'bearer=', 'Bearer ', 'basic ', 'basic+', '--password ',
  '-----BEGIN PRIVATE KEY-----', '-----', 'sk-', 'sk-a1', 'hf_', 'SG.', 'ghs_a.', 'AKIA', '://', '://a:b', '://a:b/', 'tel ', 'tel 1',
  'a:', '1:', '::', 'DE89 ', 'bc1', 'bc1q ', 'bc1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq ', 'AB1234567 ', 'A1', 'dob 1.1.', 'Jan 1, ', 'born 1 ', '1年', '1:2:', '00-', '1.1.1.1 ', 'bsn 111222333 ', '1234567 ', 'BSN ( ', 'x) 1234567',
  '電話0', '<token>', '<token>a', 'password)=', 'name: token, value=', 'password string=', '**password**: **', 'M.abcdef.', '1:AA', '8Q~', '+ASt', '-us1', '://hooks.slack.com/services/', 'EAA', 'glc_', 'dp.pt.', '%', '%3D', '[REDACTED]',
  '山', '山田', '山田 ', '氏名：', '氏名は', '"name":"', '"name":"A B",', '"full_name":"', 'full_name:\'', 'address:', 'address: 1 ',
  'zip: 1', 'Name: A ', 'Dear ', 'Mr. A ', 'A ', '様', '<name>', 'Name|', '郵便番号:1', '〒1', '東京都', '東京都1', '港区1-', '北区一丁目', '北区あ', '1 Aa ', '1 Aa, ', '1\nAa', 'Aa 1, ', '1-1 Aa ', 'Box 1, Aa, ', '"names":["A B",', '"users":[', '1 rue de ', 'Calle Aa 1, ',
  ' -u ', 'curl -u ', 'curl -u a:', `mysql ${S}\n -p`, ' -password ', 'data:\n', 'kind: Secret\ndata:\n', 'kind: Secret\ndata:\n a: b\n', 'auth=("a", "', 'auth=(', ':1234:a:b:', ':thin:a/',
  '$1$a$', '$2b$10$', 'Private-Lines: 1\na', '1|a', 'A3-', 'password of ', 'password a1B2c3d4', 'password: |\n', 'password: |\n a\n', 'password:\n', 'password = a || ', 'token = a.', 'password = a(', 'password = ("', 'password = """', 'password: &str = ', '"value":"a",', '"value":"a","name":"', 'password (', 'name="password"\n\n', '<key>a</key><string>', '<a b="c">', 'ENV token ', 'create user a identified by ', 'identified with a by ',
  'password is ', 'password for a ', 'password "', 'token("a', 'パスワードは', 'AUTH ', '\nAUTH a', 'ACL SETUSER ',
  '://{{}', '://{{}{{}x:', '4111 1111 1111 111', '4111-1111-', '090-1234-', '1234567890 ', '1234567890', '(1', `${S}u0040`, `${S}${S}${S}${S}u3042`, 'DE89370400',
  'AB12-', 'eyJhbGciOi.eyJ', '12 High ', 'aa-bb-', 'aabb.', '1.2', '1%20', '&#64;', '%e3%81%82', 'select (', 'select /*', 'SET a ', 'Mr. ', 'My name is ', '担当者 ',
] // biome-ignore format: a table

/** The same for the expressions of the browser's core. */
export const hostileToCore = ['a', 'a.', 'a@', 'a@a.', '%2b', 'eyJ', 'eyJaaaaaaaa-', 'eyJa.', 'sk-', 'sk-learn-', '1', '1111 ', '1111-', '://a:', 'bearer a', 'password', 'token=', '-----BEGIN PRIVATE KEY-----', '-----'] // biome-ignore format: a table

/** Words that stand for the signs of an address: 16 KB of them cost 250 to 2,700 ms once, though four times as much cost four times that. */
export const dear = [
  ' dot ',
  'a dot ',
  '-a-dot',
  '_at_',
  ' DOT ',
  'アット',
  '[アット]',
  '[dot]',
  '(at) ',
  ' at x dot ',
  ' собака ',
  ' @ ',
  '★',
]
