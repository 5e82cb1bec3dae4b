/**
 * A seeded generator of names, addresses and postal codes with the words around them, and of harmless text beside it.
 * The values are put together from frequent parts; nobody is meant.
 */
import { pick, type Random } from './redact-corpus'

/** A text and the values in it that have to go. */
export type Labelled = readonly [text: string, ...values: string[]]

const SURNAMES =
  '佐藤 鈴木 高橋 田中 渡辺 伊藤 中村 小林 山本 加藤 吉田 山田 佐々木 松本 井上 木村 清水 阿部 池田 石川 岡田 藤田 久保田'.split(
    ' ',
  )
const GIVEN =
  '太郎 花子 健一 美咲 翔太 陽子 大輔 由美子 直樹 香織 拓也 真理子 誠 愛 和也 恵 悠斗 結衣 さくら ひろし'.split(' ')
const READINGS = 'サトウ スズキ タカハシ タナカ ワタナベ ヤマモト'.split(' ')
const LATIN = ['John Smith', 'Maria de la Cruz', 'Anna Müller', 'Jean-Pierre Dubois', 'Aoife O’Brien', 'Taro Yamada', 'Łukasz Nowak', 'Søren Ødegård', 'Priya Sharma', 'JOHN DOE', 'Emily R. Clark'] // biome-ignore format: a table
const PLACES = ['東京都渋谷区神南', '大阪府大阪市北区梅田', '北海道札幌市中央区大通西', '神奈川県横浜市西区みなとみらい', '愛知県名古屋市中村区名駅', '福岡県福岡市博多区博多駅前', '京都府京都市中京区河原町通', '埼玉県さいたま市大宮区桜木町', '横浜市港北区新横浜', '千代田区丸の内'] // biome-ignore format: a table

const number = (random: Random, most: number) => 1 + Math.floor(random() * most)
const digits = (random: Random, count: number) => Array.from({ length: count }, () => number(random, 9)).join('')

function kanji(random: Random): string {
  return pick(random, SURNAMES) + pick(random, ['', ' ', '　']) + pick(random, GIVEN)
}

function block(random: Random): string {
  const [a, b, c] = [number(random, 9), number(random, 30), number(random, 20)]
  return pick(random, [`${a}-${b}-${c}`, `${a}丁目${b}番${c}号`, `${a}丁目${b}-${c}`, `${a}－${b}`])
}

function address(random: Random): string {
  const building = pick(random, ['', '', ' サンハイツ203号室', ' 第一ビル5F', 'グランドタワー1201'])
  return pick(random, PLACES) + block(random) + building
}

const postal = (random: Random) => `${digits(random, 3)}-${digits(random, 4)}`

/** By type: a way to write a value that its words or its shape give away. */
export const named: Record<string, (random: Random) => Labelled> = {
  key: random =>
    with_(pick(random, LATIN), name => JSON.stringify({ id: 7, [pick(random, KEYS)]: name, active: true })),
  neighbours: random => with_(pick(random, LATIN), name => JSON.stringify({ name, email: 'x', phone: 'y' })),
  label: random => with_(pick(random, LATIN), name => `Ticket 42\n${pick(random, LABELS)}: ${name}\nStatus: open`),
  phrase: random =>
    with_(pick(random, LATIN), name => pick(random, [`My name is ${name}.`, `Dear ${name},\nthanks`, `Mr. ${name} called`, `ok?\n\nBest regards,\n${name}`, `Ich heiße ${name}.`, `Je m'appelle ${name}, bonjour`, `Me llamo ${name}.`])), // biome-ignore format: a table
  japaneseKey: random =>
    with_(kanji(random), name => JSON.stringify({ [pick(random, JAPANESE_KEYS)]: name, 状態: '有効' })),
  japaneseLabel: random =>
    with_(kanji(random), name => pick(random, [`氏名：${name}\n種別：新規`, `【お名前】${name}\n`, `担当者: ${name}、期限: 明日`, `| 氏名 | ${name} |`, `お名前は${name}です。`])), // biome-ignore format: a table
  japaneseReading: random =>
    with_(`${pick(random, READINGS)} ${pick(random, ['タロウ', 'ハナコ'])}`, name => `フリガナ：${name}\n`),
  japaneseTitle: random =>
    with_(kanji(random), name => `昨日、${name}${pick(random, ['様', 'さん', '氏', '先生'])}から電話がありました。`),
  japaneseSurname: random => with_(pick(random, SURNAMES), name => pick(random, [`${name}様、お世話になります。`, `私は${name}と申します。`, `本日は${name}さんが対応します。`])), // biome-ignore format: a table
  japaneseList: random =>
    with_(pick(random, SURNAMES) + pick(random, GIVEN.slice(0, 12)), name => `契約は、${name}が署名した。`),
  japaneseAddress: random => with_(address(random), value => pick(random, [`お届け先は${value}です。`, `住所：${value}\n電話：`, `${value}に住んでいます`, JSON.stringify({ 住所: value })])), // biome-ignore format: a table
  japanesePostal: random => with_(postal(random), value => pick(random, [`〒${value} ${pick(random, PLACES)}`, `郵便番号は${value}です`, `${value} 東京都港区芝1-2-3`, JSON.stringify({ postal_code: value })])), // biome-ignore format: a table
  addressKey: random => with_(pick(random, ['12 High Street, London', 'Hauptstraße 5, 10115 Berlin', '10 rue de la Paix, 75002 Paris']), value => JSON.stringify({ [pick(random, ['address', 'shippingAddress', 'street_address'])]: value })), // biome-ignore format: a table
}

const KEYS = [
  'full_name',
  'customerName',
  'patient_name',
  'contact-name',
  'nombreCompleto',
  'Vorname',
  'cardholderName',
]
const LABELS = ['Full name', 'Customer name', 'Customer', 'Patient', 'Nachname', 'Apellidos', 'Cognome', 'Achternaam']
const JAPANESE_KEYS = ['氏名', 'お名前', '担当者', '顧客名', 'full_name', 'name']

function with_(value: string, write: (value: string) => string): Labelled {
  return [write(value), value]
}

/** What has names and is no person, and what has a shape of an address and is none. */
export const nameless = [
  // under a key it is a product, too; a file and a sentence are nobody
  '{"nome":"Cadeira Gamer"}',
  'nome: "Cadeira Gamer"',
  "nombre = 'Camiseta Azul'",
  'Nome do arquivo: Relatorio Final',
  'Nom: Service Client a été contacté',
  'Naam: rapport.pdf',
  '{"service.name":"Checkout Service","model name":"Claude Sonnet","tool_name":"Search Web"}',
  '{"name":"Send Email","description":"Sends an email: to, body"}',
  '{"role":"tool","name":"get_weather"}',
  '{"first_name":{"type":"string"},"full_name":"string","last_name":"Last name"}',
  '{"full_name":"octocat/hello-world","address":"10.0.0.1:8080","server.address":"db.internal"}',
  'file name: Report Final\nhost name: Alpha Beta\nclient: Create the cli\nemail address: none given 2',
  'type User = { firstName: string; lastName: String; address?: Address; zip: ZipCode }',
  'const fullName = user.firstName + user.lastName',
  'Dear Customer, Hello World, Hi Team, MS Word, in ms. Allowed: 3, Dear Sir or Madam,',
  '石川県と山口県、福島第一原発、小林製薬、松本市、千葉大学、中山道、根本的な問題、高橋は',
  'お客様、皆様、仕様、様々な、同様に、王様、氏名、部長会議、このように、モデルの名前：顧客管理',
  '東京都の人口は2023年に1400万人、大阪府大阪市で開催、郡山市に2-3日、新宿区では3-5人',
  'コードは123-4567、バージョン1-2-3、第3区で1-2位、市区町村コード13-101',
  '報告者は何故か、細かな処理、件名：完了の通知、わずかな違い、プロセスの中ですぐに、詳細に関するさまざまな情報',
  'username: TTY, { "agent": { "name": "Research Assistant" } }, "attendees": [3, 4], "members": ["read", "write"]',
  'hostname: RegExp, m is S.Zero, (^D on Unix, designed by Cosmic, signed by Microsoft, Hello Gophers!, type Customer = Person &',
  '{"agent_name": "Research Assistant", "parentName": "Main Menu", "driver_name": "Postgres Pro"}',
  'Copyright 1996, 1997 Rick Faith, Copyright 2021 Iain Lane, Chapter 3, 2024 Edition, 3 Items, Total Count\nPage 12 of Section 4',
  '| ID | Full Name | Status |\n|---|---|---|\n',
  'Thanks,\nThe Team\n\nThank you\n\nGetting Started',
]
