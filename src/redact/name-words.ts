/**
 * Words that say what stands behind them: a name, an address, a postal code. Called with keys inside a text
 * (`detectors/labelled.ts`, `detectors/japanese-name.ts`) and with attribute keys (`keys.ts`).
 */
import { BLANK, codeAt, is, LETTER } from './chars'
import { createWordFinder, type Found } from './key-words'

/**
 * - `name`: whatever stands there is a name (`full_name`, 氏名).
 * - `role`: a name when it reads like one; it may also be a company or a machine (`customer`, 担当).
 * - `bare`: the same word names files and models; only what is surely a person's (`name`).
 * - `address`, `postal`: an address, a postal code.
 */
export type NameKind = 'name' | 'role' | 'bare' | 'address' | 'postal'

export type NameWord = Found<NameKind>

/** Whoever has a name: `customer` alone is a role, `customerName` a name. */
const ROLES =
  'customer client contact contactperson patient employee guest passenger recipient receiver sender buyer applicant candidate ' +
  'student attendee participant beneficiary cardholder accountholder policyholder subscriber traveler traveller tenant ' +
  'landlord physician doctor nurse caller visitor resident signatory signer payee payer shipto billto nextofkin ' +
  'emergencycontact spouse husband wife father mother insured claimant plaintiff defendant witness victim'
const { find } = createWordFinder<NameKind>({
  role:
    `${ROLES} =assignee =requester =reporter =employee =manager =representative =owner =member =person =from =to =cc ` +
    'kunde kundin ansprechpartner empfänger absender patientin client destinataire expéditeur cliente paciente destinatario ' +
    'remitente paziente mittente remetente klant ontvanger 担当者 担当 責任者 代表者 依頼者 申請者 申込者 契約者 予約者 受取人 ' +
    '差出人 患者 顧客 お客様 宛先 宛名 送り主 届出人 保護者 上司 承認者 連絡先担当者 联系人 收件人 聯絡人 담당자 клиент пациент',
  bare: '=name =username =user =displayname =nombre =nom =nome =naam =namn =navn =nimi =nama =名前 =お名前 =姓名',
  name:
    'fullname firstname lastname givenname familyname middlename maidenname forename surname legalname realname birthname ' +
    'personname membername holdername nameofpatient nameofcustomer cardholdername passengername nameoncard billingname ' +
    'shippingname preferredname mothersmaidenname ' +
    `${ROLES.split(' ')
      .map(role => `${role}name`)
      .join(' ')} ` +
    '氏名 お名前 姓名 苗字 名字 =姓 フリガナ ふりがな ﾌﾘｶﾞﾅ カナ氏名 氏名カナ 氏名かな 顧客名 お客様名 患者名 担当者名 契約者名 申込者名 名義人 ' +
    '口座名義 宛名 受取人名 送付先名 届け先氏名 お届け先名 保護者名 利用者名 会員名 社員名 従業員名 代表者名 予約者名 生徒名 学生名 応募者名 ' +
    '客户姓名 이름 성명 성함 고객명 예금주 ' +
    'фио ФИО имя Имя фамилия Фамилия отчество Отчество vorname nachname familienname kundenname patientenname prénom prenom ' +
    'nomdefamille nomcomplet nombrecompleto apellido apellidos cognome nomecompleto nominativo sobrenome voornaam achternaam ' +
    'volledigenaam förnamn efternamn fornavn efternavn etternavn etunimi sukunimi imię nazwisko jméno příjmení soyad soyadı ' +
    'adsoyad keresztnév vezetéknév prenume họtên họvàtên namalengkap όνομα επώνυμο ονοματεπώνυμο الاسم नाम ชื่อ',
  address:
    '=address =adres =adresse =adress =addr streetaddress homeaddress postaladdress mailingaddress billingaddress ' +
    'shippingaddress deliveryaddress residentialaddress currentaddress permanentaddress customeraddress patientaddress ' +
    'useraddress contactaddress employeeaddress recipientaddress fulladdress physicaladdress addressline addressline1 ' +
    'addressline2 address1 address2 =street streetname =line1 =line2 anschrift wohnadresse lieferadresse rechnungsadresse ' +
    'straße strasse hausnummer domicile domicilio dirección direccion indirizzo residenza endereço endereco morada ' +
    'woonadres straat gatuadress bostadsadress osoite adresa cím alamat địachỉ адрес Адрес διεύθυνση ' +
    '住所 所在地 居住地 お届け先 届け先 配送先 送付先 届先 地址 住址 주소',
  postal:
    '=zip zipcode postalcode postcode =plz postleitzahl codepostal codigopostal códigopostal =cep postnummer postinumero ' +
    'kodpocztowy psč postakodu irányítószám 郵便番号 〒 邮编 邮政编码 우편번호 индекс',
})

/**
 * The longest such word that ends at `end`, undefined when there is none. An ordinary word before it makes it another
 * one: `file name`, `IP address`.
 */
export function nameWordAt(text: string, end: number): NameWord | undefined {
  const found = find(text, end)
  if (!found) return undefined
  const before = found.start - 1
  if (text[before] === '[') return undefined
  const isWhole = found.value === 'name' || found.value === 'postal'
  return !isWhole && is(codeAt(text, before), BLANK) && is(codeAt(text, before - 1), LETTER) ? undefined : found
}

/** True when such a word for a name stands right before `at`, or a space or bracket away. */
export function nameWordBefore(text: string, at: number): boolean {
  let end = at
  while (end > at - 3 && end > 0 && ' \t:】]'.includes(text[end - 1]!)) end--
  const kind = nameWordAt(text, end)?.value
  return kind === 'name' || kind === 'role'
}
