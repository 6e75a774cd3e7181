import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** J16 to J18 from configuration trees (`cluster check --root`). */
export const jitsiFileTexts = defineTexts({
  J16: property(
    [
      'The configuration files let each bridge register',
      'Both generations are read: sip-communicator.properties and jvb.conf (HOCON); where both name a key, the legacy file wins. Values are compared between the trees: name of the server, XMPP domain, brewery, nicknames; secrets by hash only. Critical: the effective value keeps the bridge from registering. Warning: files disagree and the one that wins is right. What files cannot show is no finding.',
    ],
    [
      'Les fichiers de configuration permettent à chaque pont de s’inscrire',
      "Les deux générations sont lues : sip-communicator.properties et jvb.conf (HOCON) ; si les deux nomment une clé, l'ancien fichier l'emporte. Les valeurs sont comparées entre les arborescences : nom du serveur, domaine XMPP, brasserie, surnoms ; les secrets par empreinte seulement. Critique : la valeur effective empêche l'inscription. Avertissement : des fichiers se contredisent mais celui qui l'emporte est juste. Ce que les fichiers ne peuvent montrer n'est pas signalé.",
    ],
  ),
  'J16-no-shard': finding(
    'critical',
    [
      '{place}: no XMPP account of the bridge at all',
      'bbb2pod cluster render, and copy its jvb.conf; or set HOSTNAME, DOMAIN, USERNAME, PASSWORD, MUC_JIDS, MUC_NICKNAME',
    ],
    [
      '{place} : aucun compte XMPP pour le pont',
      'bbb2pod cluster render, et copiez son jvb.conf ; ou renseignez HOSTNAME, DOMAIN, USERNAME, PASSWORD, MUC_JIDS, MUC_NICKNAME',
    ],
  ),
  'J16-elsewhere': finding(
    'info',
    [
      '{place}: the XMPP account of the bridge is not in this file: not judged',
      'With the files beside it: bbb2pod cluster check --root jvb1=/etc',
    ],
    [
      "{place} : le compte XMPP du pont n'est pas dans ce fichier : non jugé",
      "Avec les fichiers d'à côté : bbb2pod cluster check --root jvb1=/etc",
    ],
  ),
  'J16-missing': finding(
    'critical',
    ['{place}: {key} is not set', 'Add {key} to the shard of {file}; systemctl restart jitsi-videobridge2'],
    [
      "{place} : {key} n'est pas renseigné",
      'Ajoutez {key} au shard de {file} ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-local': finding(
    'critical',
    [
      '{place}: {key} is {value}: the bridge looks for prosody on itself',
      'Set it to {wanted}; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : {key} vaut {value} : le pont cherche prosody sur lui-même',
      'Mettez {wanted} ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-name': finding(
    'critical',
    [
      '{place}: {key} is {value}, the server knows {wanted}',
      'Set it to {wanted}; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : {key} vaut {value}, le serveur connaît {wanted}',
      'Mettez {wanted} ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-case': finding(
    'info',
    [
      '{place}: {key} differs from {wanted} by its letters’ case only',
      'Nothing: XMPP compares rooms without case',
    ],
    [
      '{place} : {key} ne diffère de {wanted} que par la casse',
      'Rien : XMPP compare les salons sans la casse',
    ],
  ),
  'J16-password': finding(
    'critical',
    [
      '{place}: PASSWORD is not the server’s secret ({source}): {difference}',
      'Copy the secret from the JMS into {file}; systemctl restart jitsi-videobridge2',
    ],
    [
      "{place} : PASSWORD n'est pas le secret du serveur ({source}) : {difference}",
      'Copiez le secret du JMS dans {file} ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-secret': finding(
    'warning',
    [
      '{place}: JVB_SECRET differs from the server’s ({source}); the bridge uses PASSWORD, which is right',
      'Copy the secret there too, lest the next dpkg-reconfigure spread the wrong one',
    ],
    [
      '{place} : JVB_SECRET diffère de celui du serveur ({source}) ; le pont utilise PASSWORD, qui est juste',
      'Copiez-y aussi le secret, pour que le prochain dpkg-reconfigure ne répande pas le mauvais',
    ],
  ),
  'J16-cut': finding(
    'critical',
    [
      '{place}: {key} is unquoted and holds a #: all behind it is a comment',
      'Put the value in double quotes; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : {key} est sans guillemets et contient un # : la suite devient un commentaire',
      'Mettez la valeur entre guillemets ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-computed': finding(
    'info',
    [
      '{place}: {key} is computed at the start: not judged',
      'bbb2pod cluster check --only J05,J08, once it runs',
    ],
    [
      '{place} : {key} est calculé au démarrage : non jugé',
      'bbb2pod cluster check --only J05,J08, une fois lancé',
    ],
  ),
  'J16-placeholder': finding(
    'critical',
    [
      '{place}: {key} still holds what a page or a template wants filled in',
      'Write the real value of {key}; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : {key} contient encore ce qu’une page ou un gabarit demande de remplir',
      'Écrivez la vraie valeur de {key} ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-quotes': finding(
    'critical',
    [
      '{place}: {key} is in quotes, which belong to the value in .properties',
      'Write the value of {key} without quotes; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : {key} est entre guillemets, qui font partie de la valeur dans un .properties',
      'Écrivez la valeur de {key} sans guillemets ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-unknown-key': finding(
    'critical',
    [
      '{place}: nothing reads {key}: {meant} is meant (letters and their case count)',
      'Write {meant}; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : rien ne lit {key} : il s’agit de {meant} (les lettres et leur casse comptent)',
      'Écrivez {meant} ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-environment': finding(
    'warning',
    [
      '{place}: HOCON in the file of environment variables: the bridge does not read it here',
      'Move these lines to /etc/jitsi/videobridge/jvb.conf; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : du HOCON dans le fichier de variables d’environnement : le pont ne le lit pas ici',
      'Déplacez ces lignes dans /etc/jitsi/videobridge/jvb.conf ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-comment': finding(
    'critical',
    [
      '{place}: {key} carries a comment: in .properties, # begins one only at the start of a line',
      'Put the comment on a line of its own; systemctl restart jitsi-videobridge2',
    ],
    [
      "{place} : {key} porte un commentaire : dans un .properties, # n'en commence un qu'en début de ligne",
      'Mettez le commentaire sur sa propre ligne ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-blank': finding(
    'critical',
    [
      '{place}: {key} ends with a blank, which belongs to the value',
      'Remove the blank; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : {key} se termine par une espace, qui fait partie de la valeur',
      "Supprimez l'espace ; systemctl restart jitsi-videobridge2",
    ],
  ),
  'J16-backslash': finding(
    'critical',
    [
      '{place}: {key} holds a backslash, which .properties takes for an escape',
      'Double it: \\\\; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : {key} contient une barre oblique inverse, prise pour un échappement',
      'Doublez-la : \\\\ ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-glued': finding(
    'critical',
    [
      '{place}: several keys are glued on one line: only {key} exists',
      'One key per line; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : plusieurs clés collées sur une ligne : seule {key} existe',
      'Une clé par ligne ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-disagree': finding(
    'warning',
    [
      '{place}: {key} is said otherwise by {winner}, which wins',
      'Make both say the same, or remove the legacy key',
    ],
    [
      "{place} : {key} est contredit par {winner}, qui l'emporte",
      "Mettez-les d'accord, ou supprimez l'ancienne clé",
    ],
  ),
  'J16-verification': finding(
    'warning',
    [
      '{place}: certificate verification is on: with prosody’s own certificate the bridge does not log in',
      '{key}=true, unless prosody’s certificate is signed by a known authority',
    ],
    [
      '{place} : la vérification du certificat est active : avec le certificat propre à prosody le pont ne se connecte pas',
      '{key}=true, sauf si le certificat de prosody est signé par une autorité connue',
    ],
  ),
  'J16-uuid': finding(
    'info',
    ['{place}: the nickname is a UUID: logs name no machine', 'MUC_NICKNAME={node}'],
    ['{place} : le surnom est un UUID : les journaux ne nomment aucune machine', 'MUC_NICKNAME={node}'],
  ),
  'J16-ignored': finding(
    'info',
    ['{place}: {key} has done nothing since {since}', 'Remove the line'],
    ["{place} : {key} n'a plus d'effet depuis {since}", 'Supprimez la ligne'],
  ),
  'J16-foreign-stun': finding(
    'info',
    [
      '{place}: the bridge asks a STUN server outside the university ({value})',
      'Your own coturn, or static-mappings: the addresses of your machines leave the house otherwise',
    ],
    [
      "{place} : le pont interroge un serveur STUN extérieur à l'établissement ({value})",
      "Votre propre coturn, ou static-mappings : sinon les adresses de vos machines sortent de l'établissement",
    ],
  ),
  'J16-aws': finding(
    'info',
    ['{place}: {key} is not true: slow start outside Amazon’s cloud', '{key}=true'],
    ["{place} : {key} n'est pas true : démarrage lent hors du nuage d'Amazon", '{key}=true'],
  ),
  'J16-component': finding(
    'critical',
    [
      '{place}: prosody has no component {value}, where the brewery should be',
      'In /etc/prosody/conf.d: Component "{value}" "muc"; systemctl restart prosody jicofo',
    ],
    [
      "{place} : prosody n'a pas de composant {value}, où devrait être la brasserie",
      'Dans /etc/prosody/conf.d : Component "{value}" "muc" ; systemctl restart prosody jicofo',
    ],
  ),
  'J16-not-muc': finding(
    'critical',
    [
      '{place}: the component {value} is no "muc": the brewery cannot be there',
      'Component "{value}" "muc"; systemctl restart prosody jicofo',
    ],
    [
      '{place} : le composant {value} n\'est pas un "muc" : la brasserie ne peut pas y être',
      'Component "{value}" "muc" ; systemctl restart prosody jicofo',
    ],
  ),
  'J16-authentication': finding(
    'critical',
    [
      '{place}: {host} authenticates by {value}: the bridges’ account does not exist there',
      'authentication = "internal_hashed"; systemctl restart prosody',
    ],
    [
      "{place} : {host} authentifie par {value} : le compte des ponts n'y existe pas",
      'authentication = "internal_hashed" ; systemctl restart prosody',
    ],
  ),
  'J16-no-auth-host': finding(
    'critical',
    [
      '{file}: no VirtualHost "auth.…": bridges and jicofo have no domain to log in to',
      'dpkg-reconfigure jitsi-meet-prosody',
    ],
    [
      "{file} : pas de VirtualHost « auth.… » : ponts et jicofo n'ont aucun domaine où se connecter",
      'dpkg-reconfigure jitsi-meet-prosody',
    ],
  ),
  'J16-passwords': finding(
    'critical',
    [
      '{place}: PASSWORD differs from that of {other} ({source}), and both log in as {account}: prosody accepts one of them',
      'Copy the secret that works into {file}; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : PASSWORD diffère de celui de {other} ({source}), et les deux se connectent comme {account} : prosody n’en accepte qu’un',
      'Copiez dans {file} le secret qui marche ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J16-jicofo': finding(
    'critical',
    [
      '{place}: {key} is {value}, prosody knows {wanted}: jicofo does not log in or finds nobody',
      'Set it to {wanted}; systemctl restart jicofo',
    ],
    [
      '{place} : {key} vaut {value}, prosody connaît {wanted} : jicofo ne se connecte pas ou ne trouve personne',
      'Mettez {wanted} ; systemctl restart jicofo',
    ],
  ),
  'J06-identifier': finding(
    'critical',
    [
      '{place}: {key} is {value}, as on {other}: what is meant for one bridge reaches the other',
      '{key} = "{node}"; systemctl restart jitsi-videobridge2',
    ],
    [
      '{place} : {key} vaut {value}, comme sur {other} : ce qui est destiné à un pont arrive à l’autre',
      '{key} = "{node}" ; systemctl restart jitsi-videobridge2',
    ],
  ),
  'J06-files': finding(
    'critical',
    [
      '{place}: the nickname {nickname} is also that of {other}: jicofo sees one bridge',
      'MUC_NICKNAME={node}; systemctl restart jitsi-videobridge2',
    ],
    [
      "{place} : le surnom {nickname} est aussi celui de {other} : jicofo ne voit qu'un pont",
      'MUC_NICKNAME={node} ; systemctl restart jitsi-videobridge2',
    ],
  ),
  J17: property(
    [
      'Secrets are not readable by everybody',
      'Modes of sip-communicator.properties, jvb.conf and config: 0640. Owners’ names are not judged offline.',
    ],
    [
      'Les secrets ne sont pas lisibles par tous',
      'Droits de sip-communicator.properties, jvb.conf et config : 0640. Les propriétaires ne sont pas jugés hors ligne.',
    ],
  ),
  'J17-readable': finding(
    'warning',
    [
      '{place} is readable by everybody (mode {mode}) and holds a secret',
      'chmod 640 {file} && chown jvb:jitsi {file}',
    ],
    [
      '{place} est lisible par tous (droits {mode}) et contient un secret',
      'chmod 640 {file} && chown jvb:jitsi {file}',
    ],
  ),
  'J18-enabled': finding(
    'warning',
    [
      'The JMS starts a bridge of its own beside the others',
      'On the JMS: systemctl disable --now jitsi-videobridge2',
    ],
    [
      'Le JMS démarre son propre pont à côté des autres',
      'Sur le JMS : systemctl disable --now jitsi-videobridge2',
    ],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof jitsiFileTexts>, true> {}
}
