import { knowPhrases } from '../../kit/errors/phrases.js';

/* Why a playlist is none, which segment is meant, why it cannot be had: details of the texts beside. */
knowPhrases([
  ['it begins with {start}, not #EXTM3U', 'elle commence par {start}, pas par #EXTM3U'],
  ['line {line}: a quote is not closed', "ligne {line} : un guillemet n'est pas fermé"],
  ['line {line}: more than {count} words', 'ligne {line} : plus de {count} mots'],
  ['it is empty', 'elle est vide'],
  ['"{uri}" is no address', '« {uri} » n’est pas une adresse'],
  ['it is a master playlist', "c'est une liste maîtresse"],
  ['no EXT-X-TARGETDURATION (RFC 8216, 4.3.3.1)', 'pas de EXT-X-TARGETDURATION (RFC 8216, 4.3.3.1)'],
  ['a segment without EXTINF (RFC 8216, 4.3.2.1)', 'un segment sans EXTINF (RFC 8216, 4.3.2.1)'],
  ['newest', 'le plus récent'],
  ['oldest', 'le plus ancien'],
  ['init', "d'initialisation"],
  ['{size} bytes, not {wanted}', '{size} octets, et non {wanted}'],
  ['neither MPEG transport stream nor fragmented MP4', 'ni flux MPEG-TS ni MP4 fragmenté'],
  [
    'fragmented MP4, and the playlist announces no EXT-X-MAP',
    "MP4 fragmenté, et la liste n'annonce pas de EXT-X-MAP",
  ],
  ['nothing in it can be decoded', "rien n'y est décodable"],
  [
    'it is at {host}, inside, which cluster.toml does not name; allow_hosts = {list} in bbb2pod.toml has it asked',
    "c'est sur {host}, à l'intérieur, que cluster.toml ne nomme pas ; avec allow_hosts = {list} dans bbb2pod.toml, ce sera demandé",
  ],
]);
