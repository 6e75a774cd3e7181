import { localized } from '../../kit/output/localized.js';
import type { StreamingInventory } from '../streaming/inventory.js';
import type { RenderedFile } from './layout.js';
import { addresses, copyFiles, lookAtTheWhole, openPorts, runbook } from './runbook.js';

/** The runbook of an ingest: nginx-rtmp or MediaMTX; other servers keep their own files. */
export function ingestRunbook(name: string, streaming: StreamingInventory): RenderedFile {
  const ingest = streaming.ingests[name];
  const address = ingest?.address ?? name;
  const [stream = 'direct'] = streaming.streams;
  const { server } = streaming;
  if (server === 'ovenmediaengine' || server === 'srs') return foreignIngestRunbook(name, streaming);
  const mediaMtx = server === 'mediamtx';
  return runbook(
    name,
    localized(`${name}: ingest of ${streaming.public_name}`, `${name} : ingest de ${streaming.public_name}`),
    [
      {
        title: localized('Install', 'Installer'),
        commands: [
          'apt update',
          `apt install nginx ${mediaMtx ? '' : 'libnginx-mod-rtmp '}ffmpeg curl rsync nftables`,
        ],
      },
      ...(mediaMtx
        ? [
            {
              title: localized('Fetch MediaMTX', 'Récupérer MediaMTX'),
              why: localized(
                'No Debian package has it: one program, from https://github.com/bluenviron/mediamtx/releases (1.9 or later), its sum checked against the page.',
                'Aucun paquet Debian ne le fournit : un seul programme, à prendre sur https://github.com/bluenviron/mediamtx/releases (1.9 ou plus récent), sa somme comparée à celle de la page.',
              ),
              commands: ['install -m 755 mediamtx /usr/local/bin/mediamtx', 'mediamtx --version'],
            },
          ]
        : []),
      {
        title: localized('Open the ports', 'Ouvrir les ports'),
        why: localized(
          'RTMP for the publishers, HTTP for the broadcast nodes, nothing for the public.',
          'RTMP pour ceux qui publient, HTTP pour les nœuds de diffusion, rien pour le public.',
        ),
        commands: openPorts([
          { from: streaming.publishers, to: `tcp dport ${ingest?.rtmp_port ?? 1935}` },
          ...(mediaMtx && ingest?.srt_port !== undefined
            ? [{ from: streaming.publishers, to: `udp dport ${ingest.srt_port}` }]
            : []),
          {
            from: [
              ...addresses(streaming.broadcasts),
              ...streaming.supervisors.filter((a) => a !== '127.0.0.1'),
            ],
            to: `tcp dport ${ingest?.http_port ?? 80}`,
          },
        ]),
      },
      {
        title: localized('Put the files', 'Déposer les fichiers'),
        commands: copyFiles(name, address, ['etc', 'usr']),
      },
      {
        title: localized('Start', 'Démarrer'),
        commands: [
          'systemd-tmpfiles --create /etc/tmpfiles.d/hls.conf',
          ...(streaming.record ? ['install -d -o www-data /var/lib/streaming-records'] : []),
          'nginx -t',
          'systemctl restart nginx',
          'systemctl daemon-reload',
          `systemctl enable --now nginx hls-watch${mediaMtx ? ' mediamtx' : ''}`,
        ],
      },
      {
        title: localized('Publish to both ingests', 'Publier vers les deux ingests'),
        why:
          streaming.publishers.length === 0
            ? localized(
                'cluster.toml names no publisher: nobody may publish. Add `publishers = ["ADDRESS"]`, render and reload.',
                'cluster.toml ne nomme personne qui publie : rien n\'est accepté. Ajoutez `publishers = ["ADRESSE"]`, générez et rechargez.',
              )
            : localized(
                `The encoder (OBS: two outputs) sends to every ingest at once; a relay from one to the other would die with the first. Its address here: rtmp://${address}:${ingest?.rtmp_port ?? 1935}/${mediaMtx ? 'live' : 'ingest'}/${stream}`,
                `L'encodeur (OBS : deux sorties) envoie à tous les ingests à la fois ; un relais de l'un à l'autre tomberait avec le premier. Son adresse ici : rtmp://${address}:${ingest?.rtmp_port ?? 1935}/${mediaMtx ? 'live' : 'ingest'}/${stream}`,
              ),
      },
      {
        title: localized('Verify', 'Vérifier'),
        commands: [
          mediaMtx
            ? `curl -s http://127.0.0.1:9997/v3/paths/list   # ${localized('the stream', 'le flux')}, "ready":true`
            : `curl -s http://127.0.0.1:${ingest?.http_port ?? 80}${ingest?.stat_path ?? '/stat'} | grep -c '<publishing/>'   # ${localized('1 and one per rendition', '1, et un par qualité')}`,
          `curl -s http://127.0.0.1:${ingest?.http_port ?? 80}/hls/${stream}.m3u8`,
        ],
      },
      ...(mediaMtx
        ? [
            {
              title: localized('Tell the checks', 'Le dire aux contrôles'),
              why: localized(
                'The rendered cluster has its playlists below /hls/, whatever the ingest; the API answers on the ingest alone.',
                "Le cluster généré a ses listes sous /hls/, quel que soit l'ingest ; l'API ne répond que sur l'ingest.",
              ),
              commands: [
                `# ${localized('in', 'dans')} cluster.toml: [streaming] playlist = "/hls/{stream}.m3u8"`,
                `# ${localized('and, when the checks run here', 'et, si les contrôles tournent ici')}: [streaming.ingests.${name}] api_url = "http://127.0.0.1:9997"`,
              ],
            },
          ]
        : []),
      lookAtTheWhole(name),
    ],
  );
}

/** OvenMediaEngine and SRS are checked, not rendered: their files are the site's own. */
const foreignIngestRunbook = (
  name: string,
  { server, public_name: site }: StreamingInventory,
): RenderedFile =>
  runbook(
    name,
    localized(`${name}: ${server}, ingest of ${site}`, `${name} : ${server}, ingest de ${site}`),
    [
      {
        title: localized('Keep its own files', 'Garder ses propres fichiers'),
        why: localized(
          `${server} is not rendered. Let its API answer the supervisors only, and name it: api_url under [streaming.ingests.${name}].`,
          `${server} n'est pas généré. Que son API ne réponde qu'à la supervision, et nommez-la : api_url sous [streaming.ingests.${name}].`,
        ),
      },
      lookAtTheWhole(name),
    ],
  );
