/**
 * Words before names, addresses and postal codes, in some twenty languages. Read by `name-words.ts`; how they are written
 * says `createWordFinder`.
 */

import type { Words } from '../words/word-finder'

/**
 * - `name`: whatever stands there is a name (`full_name`, 氏名).
 * - `role`: a name when it reads like one; it may also be a company or a machine (`customer`, 担当).
 * - `bare`: the same word names files and models; only what is surely a person's (`name`).
 * - `label`: `bare` as a key, `role` as a label of a line: few files and models are named in these languages (`Nome: …`).
 * - `address`, `postal`: an address, a postal code.
 * - `recipient`: an address or a name (`ship to`).
 */
export type NameKind = 'name' | 'role' | 'bare' | 'label' | 'address' | 'postal' | 'recipient'

/** Whoever has a name: `customer` alone is a role, `customerName` a name. */
const ROLES =
  'customer client contact contactperson patient employee guest passenger recipient receiver sender buyer applicant candidate ' +
  'student attendee participant beneficiary cardholder accountholder policyholder subscriber traveler traveller tenant ' +
  'landlord physician doctor nurse caller visitor resident signatory signer payee payer nextofkin ' +
  'emergencycontact spouse husband wife father mother insured claimant plaintiff defendant witness victim'
/** Their own words name programs and files too; with `name` behind it, each is a person. */
const NAMED =
  'author reporter requester requestor assignee manager guardian lead teacher instructor professor tutor ' +
  'supervisor coach consultant advisor adviser lawyer attorney officer clerk technician salesrep rep representative ' +
  'person people human owner holder hirer renter borrower lender debtor creditor donor sponsor founder ' +
  'director ceo boss colleague friend spouse relative son daughter brother sister winner athlete ' +
  'presenter panelist interviewer interviewee respondent defendant offender suspect ' +
  'from to sender first last family given middle legal full real birth maiden preferred staff ' +
  'contact customer shipping billing delivery account insured trustee heir executor notary '
/** With `name` behind them people, programs, parts and files. */
const SHARED = 'agent driver parent child member player partner operator speaker pilot worker'
/** Who did it. */
const DEEDS =
  '-signedby preparedby submittedby requestedby assignedto approvedby bookedby orderedby calledby ' +
  'issuedto soldto deliveredto handledby completedby witnessedby paidby ' +
  'onbehalfof careof signedoffby coauthoredby coauthor reviewedby ackedby testedby reportedby suggestedby'

/** `customername` of `customer`. */
function names(words: string): string {
  return words.replace(/\S+/g, '$&name')
}

export const NAME_WORDS: Words<NameKind> = {
  role:
    `${ROLES} ${DEEDS} =assignee =requester =requestor =reporter =employee =manager =representative =owner =member =person ` +
    '=from =to =cc =attn =attention =signed =holder =supervisor =lawyer =attorney =ceo =teacher =instructor ' +
    '-dentist -surgeon -lawyer -therapist -caregiver -carer -heir -borrower -employees -attendees -participants ' +
    '-passengers -patients -guests -recipients -members -customers -clients -contacts -applicants -candidates -students ' +
    // German, Dutch
    'kunde kundin käufer verkäufer ansprechpartner ansprechpartnerin empfänger empfängerin rechnungsempfänger absender ' +
    'absenderin patientin versicherter versicherte versicherungsnehmer mieter mieterin vermieter mitarbeiter ' +
    'mitarbeiterin bearbeiter bearbeiterin sachbearbeiter sachbearbeiterin kontoinhaber karteninhaber antragsteller ' +
    'antragstellerin teilnehmer teilnehmerin unterzeichner auftraggeber besteller bewerber bewerberin arzt ärztin ' +
    'geschäftsführer ehepartner ehemann ehefrau =inhaber kontaktperson -vorgesetzter klant patiënt ontvanger afzender ' +
    'contactpersoon medewerker aanvrager huurder verhuurder rekeninghouder verzekerde koper deelnemer ' +
    // French, Italian, Spanish, Portuguese
    'client cliente patiente destinataire expéditeur expéditrice interlocuteur bénéficiaire titulaire salarié salariée ' +
    'employé employée locataire assuré assurée signataire demandeur acheteur participant médecin paciente paziente ' +
    'destinatario destinatária destinatário mittente remitente remetente referente intestatario dipendente beneficiario ' +
    'beneficiário contatto contacto contato richiedente -titular empleado empleada solicitante asegurado funcionário ' +
    'funcionária empregado responsável responsable -responsabile inquilino segurado comprador acquirente ' +
    // Slavic, Nordic, Turkish
    'klient klientka pacjent pacjentka zákazníčka ügyfél páciens vevő megrendelő kupac korisnik stranka πελάτης ασθενής παραλήπτης πελάτισσα пацієнт отримувач відправник замовник получател подател ' +
    'kháchhàng bệnhnhân ngườinhận pelanggan penerima pengirim pasien ग्राहक ลูกค้า ผู้รับ العميل المستلم المريض לקוח מטופל נמען odbiorca nadawca pracownik osobakontaktowa wnioskodawca najemca zákazník pacient ' +
    'příjemce odesílatel kontaktníosoba zaměstnanec žadatel kund patient mottagare avsändare anställd köpare asiakas ' +
    'potilas vastaanottaja lähettäjä yhteyshenkilö työntekijä hakija modtager afsender medarbejder pasient mottaker ' +
    'avsender ansatt müşteri hasta alıcı gönderen gönderici yetkili çalışan başvuran клиент пациент получатель ' +
    'отправитель контактноелицо сотрудник заказчик покупатель заявитель ' +
    // Japanese, Chinese, Korean
    '担当者 担当 責任者 代表者 依頼者 申請者 申込者 契約者 予約者 受取人 差出人 患者 顧客 お客様 宛先 宛名 送り主 届出人 保護者 上司 承認者 連絡先担当者 ' +
    '世帯主 緊急連絡先 連絡先 被保険者 講師 主治医 執刀医 担当医 記入者 作成者 報告者 参加者 出席者 署名 代表取締役 代表取締役社長 配偶者 同居人 送付者 依頼主 ' +
    '注文者 購入者 発注者 利用者 応募者 来訪者 訪問者 発信者 送信者 受信者 相談者 対象者 登録者 本人 ご本人 起案者 決裁者 審査者 監督者 雇用主 従業員 社員 乗客 ' +
    '宿泊者 予約者 使用者 所有者 名義 者名 者氏名 ' +
    '联系人 收件人 聯絡人 寄件人 收货人 发货人 客户 客戶 患者 申请人 申請人 负责人 負責人 签收人 持卡人 经办人 ' +
    '담당자 수령인 받는사람 보내는사람 수신인 발신인 환자 신청인 고객 보호자 계약자',
  bare: `=name =username =user =displayname =nama =名前 =お名前 =姓名 =isim =název =ime =име =naziv ${names(SHARED)}`,
  label: '=nombre =nom =nome =naam =namn =navn =nimi',
  name:
    'fullname firstname lastname givenname familyname middlename maidenname forename surname legalname realname birthname ' +
    'personname membername holdername nameofpatient nameofcustomer cardholdername passengername nameoncard billingname ' +
    'shippingname preferredname mothersmaidenname firstandlastname yourname =fname =lname passportname ' +
    'namekana kananame =kana =furigana romajiname nameromaji =romaji kanjiname namekanji lastnamekana firstnamekana ' +
    'lastkana firstkana familynamekana givennamekana =sei =mei ' +
    `${names(`${ROLES} ${NAMED}`)} ` +
    '氏名 お名前 姓名 苗字 名字 =姓 =名 フリガナ ふりがな ﾌﾘｶﾞﾅ カナ氏名 氏名カナ 氏名かな ヨミガナ よみがな 読み仮名 セイメイ せいめい =カナ =かな ひらがな名 ' +
    '姓カナ 名カナ 姓かな 名かな 姓フリガナ 名フリガナ カナ姓 カナ名 姓名カナ お名前カナ 氏名フリガナ 氏名ふりがな お名前フリガナ フリガナ氏名 英語表記 ローマ字表記 英文氏名 英字表記 ヘボン式 ' +
    '=ひらがな =セイ =メイ =ローマ字 =英字 ローマ字氏名 英字氏名 英字名 氏名ローマ字 名ローマ字 口座名義人 カナ名義 顧客名 お客様名 患者名 担当者名 契約者名 申込者名 名義人 ' +
    '口座名義 宛名 受取人名 送付先名 届け先氏名 お届け先名 保護者名 利用者名 会員名 社員名 従業員名 代表者名 予約者名 生徒名 学生名 応募者名 ' +
    '客户姓名 联系人姓名 员工姓名 收件人姓名 真实姓名 이름 성명 성함 고객명 예금주 환자명 담당자명 신청자명 수령인명 ' +
    '私の名前 僕の名前 本名 ім’я піб прізвище الاسمالكامل اسمي الاسمالاول नाम पूरानाम ' +
    '=név teljesnév családnév utónév vezetékésutónév anyjaneve születésinév =nume numecomplet numeșiprenume numeleșiprenumele numeprenume =meno menoapriezvisko menoklienta priezvisko krstnémeno =ім’я ім’яклієнта прізвищеім’я ' +
    'imeiprezime prezime имеифамилия имеклиента презиме имеипрезиме tênkháchhàng tênđầyđủ namapelanggan namadepan namabelakang namapasien namapenerima ग्राहककानाम उपनाम ชื่อลูกค้า ชื่อนามสกุล ' +
    'นามสกุล اسمالعميل اسمالمريض الاسمالعائلة اسمالعائلة اسمكامل שםמלא שםהלקוח שםפרטי שםמשפחה =שם vollständigername vollernamen vollername nomdel’employé nomedopai nomedamãe cognomeenome ' +
    'imięklienta imięojca jménoklienta jménozákazníka müşteriadısoyadı adısoyad όνομακαιεπώνυμο όνομαπελάτη фио имя фамилия отчество имяифамилия имяклиента vorname nachname familienname kundenname patientenname vorundnachname ' +
    'namedeskunden nameundvorname vornameundname vorundzuname zuname mädchenname geburtsname prénom prenom nomducontact ' +
    'nomduclient nomdupatient nometprénom nometprenom prénometnom nomdefamille nomcomplet nombrecompleto nombreyapellidos ' +
    'nombredelcliente nombredelpaciente apellido apellidos cognome nomecompleto nomeecognome nomeesobrenome nomedocliente ' +
    'nomedopaciente nomedelcliente nominativo sobrenome voornaam achternaam klantnaam naamklant volledigenaam förnamn ' +
    'efternamn fullständigtnamn kundnamn fornavn efternavn fuldenavn fuldtnavn kundenavn fulltnavn etternavn etunimi ' +
    'sukunimi kokonimi asiakkaannimi imię imięinazwisko nazwisko jméno jménoapříjmení příjmení soyad soyadı adsoyad ' +
    'adısoyadı adınızsoyadınız müşteriadı keresztnév vezetéknév prenume họtên họvàtên namalengkap όνομα επώνυμο ' +
    'ονοματεπώνυμο الاسم ชื่อ',
  address:
    '=address =adres =adresse =adress =addr streetaddress homeaddress postaladdress mailingaddress billingaddress ' +
    'shippingaddress deliveryaddress residentialaddress currentaddress permanentaddress customeraddress patientaddress ' +
    'useraddress contactaddress employeeaddress recipientaddress fulladdress physicaladdress addressline addressline1 ' +
    'addressline2 address1 address2 =residence officeaddress workaddress companyaddress businessaddress returnaddress ' +
    'pickupaddress dropoffaddress propertyaddress =street streetname =line1 =line2 ' +
    'anschrift wohnadresse lieferadresse lieferanschrift rechnungsadresse rechnungsanschrift =wohnort wohnhaft ' +
    'straße strasse hausnummer domicile domicilio adressedelivraison adressedefacturation adressepostale dirección ' +
    'direccion direccióndeenvío indirizzo indirizzodispedizione residenza endereço endereco endereçodeentrega morada ' +
    'woonadres afleveradres factuuradres straat gatuadress bostadsadress leveransadress osoite toimitusosoite kotiosoite ' +
    'leveringsadresse bopæl adreszamieszkania adresdostawy ulica adresa bydliště dodacíadresa evadresi ' +
    'cím lakcím levelezésicím szállításicím számlázásicím tartózkodásihely bydlisko adresadoručenia dodaciaadresa adresadelivrare adresadefacturare domiciliu adresadostave prebivalište адресадоставки адресапроживання ' +
    'адресрегистрации адресзаживеене địachỉnhà địachỉgiaohàng alamatrumah alamatpengiriman घरकापता स्थायीपता ที่อยู่ ที่อยู่จัดส่ง כתובת כתובתלמשלוח عنوانالمنزل عنوانالسكن عنوانالشحن διεύθυνσηαποστολής alamat địachỉ पता العنوان адреса адресу adresim teslimatadresi адрес адресдоставки адреспроживания διεύθυνση ' +
    '住所 所在地 居住地 本籍 現住所 転居先 引越し先 勤務先住所 納品先 地址 住址 收货地址 주소 배송지',
  recipient:
    'shipto billto deliverto invoiceto shippingto enviara entregarem spedirea skickatill お届け先 届け先 配送先 送付先 届先',
  postal:
    '=zip zipcode postalcode postcode =plz postleitzahl codepostal codigopostal códigopostal =cep postnummer postinumero ' +
    'kodpocztowy psč =cp =cp. =cap =cap. codicepostale codpoștal codpostal poštanskibroj poštováčíslo mãbưuđiện mãbưuchính kodepos poskod पिनकोड รหัสไปรษณีย์ الرمزالبريدي رمزبريدي מיקוד ' +
    'ταχυδρομικόςκώδικας =τκ =τκ. поштовийіндекс =індекс почтовыйиндекс пощенскикод postakodu poskode 郵遞區號 邮递区号 〒番号 =郵便 pincode irányítószám 郵便番号 〒 邮编 邮政编码 우편번호 индекс',
}
