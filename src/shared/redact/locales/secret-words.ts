/** What `secret-words.ts` knows in English, in other languages. */

import type { SecretKind } from '../words/secret-words'
import type { Words } from '../words/word-finder'

export const SECRET_WORDS: Words<SecretKind> = {
  token:
    'トークン apiキー アクセスキー シークレット シークレットキー 令牌 密钥 密鑰 토큰 токен ключ schlüssel geheimnis -clave -chave -clé -chiave',
  code:
    'verificationcode confirmationcode securitycode logincode signincode loginpin authcode authenticationcode authorizationcode accesscode activationcode unlockcode ' +
    '2facode mfacode twofactorcode otpcode smscode onetimecode onetimepassword onetimepin onetimepasscode otppassword -pincode ' +
    'bestätigungscode sicherheitscode anmeldecode verifizierungscode einmalcode einmalpasswort einmalkennwort zugangscode freischaltcode aktivierungscode -tan =smstan ' +
    'verificatiecode bevestigingscode beveiligingscode toegangscode inlogcode eenmaligecode verifieringskod bekräftelsekod säkerhetskod engångskod engångslösenord bekreftelseskode ' +
    'sikkerhetskode sikkerhedskode bekræftelseskode engangskode engangskodeord vahvistuskoodi turvakoodi kertakäyttökoodi ' +
    'codedevérification codedesécurité codedeconfirmation codedeconnexion codedaccès codedevalidation codeàusageunique codeunique códigodeverificación códigodeseguridad ' +
    'códigodeconfirmación códigodeacceso códigodeactivación códigodeverificação códigodesegurança códigodeconfirmação códigodeacesso codicediverifica codicedisicurezza ' +
    'codicediconferma codicediaccesso codiceotp codiceusoesingolo kodweryfikacyjny kodpotwierdzający kodautoryzacyjny kodbezpieczeństwa koddostępu kodsms hasłojednorazowe ověřovacíkód ' +
    'potvrzovacíkód bezpečnostníkód jednorázovýkód overovacíkód potvrdzovacíkód ellenőrzőkód megerősítőkód biztonságikód egyszerhasználatoskód codverificare coddeverificare coduldeverificare coduldesecuritate ' +
    'coddesecuritate codulverificare verifikacijskikod sigurnosnikod kodzapotvrdu doğrulamakodu doğrulamakodunuz onaykodu onaykodunuz güvenlikkodu güvenlikkodunuz ' +
    'κωδικόςεπαλήθευσης κωδικόςεπιβεβαίωσης κωδικόςασφαλείας кодподтверждения кодпроверки коддоступа кодавторизации кодвхода кодбезопасности проверочныйкод одноразовыйкод одноразовыйпароль ' +
    'кодпідтвердження кодперевірки коддоступу одноразовийкод кодзапотвърждение кодзапроверка mãxácthực mãxácnhận mãxácminh mãotp kodeverifikasi kodekonfirmasi kodekeamanan kodeotp ' +
    'सत्यापनकोड ओटीपी รหัสยืนยัน รหัสotp รหัสยืนยันตัวตน رمزالتحقق رمزالتأكيد رمزالأمان كودالتحقق קודהאימות קודאימות קודאבטחה ' +
    '認証コード 確認コード 検証コード セキュリティコード ログインコード ワンタイムパスワード ワンタイムコード 認証番号 確認番号 验证码 校验码 动态码 動態碼 驗證碼 認證碼 安全码 安全碼 인증번호 인증코드 보안코드 확인코드',
  secret:
    'securityanswer secretanswer answertosecurityquestion passwort kennwort motdepasse contraseña contrasena clavesecreta -senha wachtwoord lösenord adgangskode passord salasana hasło ' +
    'palavrapasse paroladordine kodeord parool salasõna slaptažodis lozinka лозинка geslo парола contrasenya katalaluan nenosiri κωδικόςπρόσβασης συνθηματικό كلمةالسر رمزعبور הסיסמה ' +
    'heslo jelszó parola şifre пароль κωδικός mậtkhẩu katasandi รหัสผ่าน पासवर्ड كلمةالمرور סיסמה ' +
    'パスワード 暗証番号 秘密鍵 密码 密碼 口令 비밀번호 암호 패스워드',
}
