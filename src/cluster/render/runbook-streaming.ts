import { localized } from '../../kit/output/localized.js';
import type { StreamingInventory } from '../streaming/inventory.js';
import type { RenderedFile } from './layout.js';
import { balancerRunbook, broadcastRunbook } from './runbook-front.js';
import { ingestRunbook } from './runbook-ingest.js';
import { lookAtTheWhole, runbook, type Step } from './runbook.js';

/** Runbooks of balancers, ingests, broadcast nodes and the source, and the pages for adding and removing. */
export function streamingRunbooks(streaming: StreamingInventory): RenderedFile[] {
  return [
    ...Object.keys(streaming.ingests).map((name) => ingestRunbook(name, streaming)),
    ...Object.keys(streaming.broadcasts).map((name) => broadcastRunbook(name, streaming)),
    ...Object.keys(streaming.balancers).map((name) => balancerRunbook(name, streaming)),
    sourceRunbook(streaming),
    ...nodePages(streaming),
  ];
}

const sourceRunbook = (streaming: StreamingInventory): RenderedFile =>
  runbook('source', localized('The test card, for rehearsals', 'La mire, pour les répétitions'), [
    { title: localized('Install', 'Installer'), commands: ['apt update', 'apt install ffmpeg'] },
    {
      title: localized('Be allowed to publish', 'Avoir le droit de publier'),
      why: localized(
        `This machine's address must stand in \`publishers\` of cluster.toml (now: ${streaming.publishers.join(', ') || 'nobody'}).`,
        `L'adresse de cette machine doit figurer dans \`publishers\` de cluster.toml (aujourd'hui : ${streaming.publishers.join(', ') || 'personne'}).`,
      ),
    },
    {
      title: localized('Start', 'Démarrer'),
      commands: [
        'systemctl daemon-reload',
        'systemctl start test-card',
        `systemctl stop test-card   # ${localized('when the rehearsal is over', 'une fois la répétition finie')}`,
      ],
    },
    {
      title: localized('Watch', 'Regarder'),
      why: localized(
        `In a browser: ${streaming.certificate === undefined ? 'http' : 'https'}://${streaming.public_name}/`,
        `Dans un navigateur : ${streaming.certificate === undefined ? 'http' : 'https'}://${streaming.public_name}/`,
      ),
    },
  ]);

function nodePages(streaming: StreamingInventory): RenderedFile[] {
  const page = (name: string, title: string, steps: readonly Step[]): RenderedFile =>
    runbook('runbooks', title, steps, name);
  const balancers = Object.keys(streaming.balancers).join(localized(' and ', ' et '));
  return [
    page('add-broadcast.md', localized('Add a broadcast node', 'Ajouter un nœud de diffusion'), [
      {
        title: localized('Write it down', 'Le noter'),
        why: localized(
          'Add `[streaming.broadcasts.NAME]` to cluster.toml.',
          'Ajoutez `[streaming.broadcasts.NAME]` à cluster.toml.',
        ),
        commands: ['bbb2pod cluster render --output cluster --diff'],
      },
      {
        title: localized('Build it', 'Le construire'),
        why: localized('Follow cluster/NAME/RUNBOOK.md.', 'Suivez cluster/NAME/RUNBOOK.md.'),
      },
      ...(streaming.spare_slots > 0
        ? [
            {
              title: localized('At once: take a spare slot', 'Tout de suite : prendre une place de réserve'),
              why: localized(
                'HAProxy refuses cookies on servers that are added while it runs; slots were declared beforehand, so no reload is needed now.',
                "HAProxy refuse les cookies sur les serveurs ajoutés en marche ; les places ont été déclarées d'avance, aucun rechargement n'est donc nécessaire maintenant.",
              ),
              commands: ['bbb2pod cluster ready spare1 --address ADDRESS:80 --apply'],
            },
          ]
        : []),
      {
        title: localized(
          `For good: render and reload ${balancers}`,
          `Pour de bon : générer et recharger ${balancers}`,
        ),
        why: localized(
          'The slot is forgotten at the next restart of HAProxy; the rendered file knows the node by its name. A reload keeps connections.',
          "La place est oubliée au prochain redémarrage d'HAProxy ; le fichier généré connaît le nœud par son nom. Un rechargement garde les connexions.",
        ),
        commands: ['haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy'],
      },
      lookAtTheWhole('NAME'),
    ]),
    page('remove-broadcast.md', localized('Remove a broadcast node', 'Retirer un nœud de diffusion'), [
      {
        title: localized('Take it out', 'Le sortir du service'),
        why: localized(
          'Refused when too few would be left for the expected viewers.',
          'Refusé quand il en resterait trop peu pour les spectateurs attendus.',
        ),
        commands: ['bbb2pod cluster drain NAME --apply'],
      },
      {
        title: localized('Forget it', "L'oublier"),
        why: localized(
          'Remove it from cluster.toml, render, copy haproxy.cfg to the balancers.',
          'Ôtez-le de cluster.toml, générez, copiez haproxy.cfg sur les répartiteurs.',
        ),
        commands: ['systemctl reload haproxy'],
      },
      { title: localized('Stop it', "L'arrêter"), commands: ['systemctl disable --now nginx'] },
      lookAtTheWhole(localized('NAME (gone)', 'NAME (parti)')),
    ]),
    page('add-ingest.md', localized('Add or replace an ingest', 'Ajouter ou remplacer un ingest'), [
      {
        title: localized('Write it down and build it', 'Le noter et le construire'),
        why: localized(
          'Add it to cluster.toml, render, follow its RUNBOOK.md.',
          'Ajoutez-le à cluster.toml, générez, suivez son RUNBOOK.md.',
        ),
      },
      {
        title: localized('Teach the broadcast nodes', 'Le dire aux nœuds de diffusion'),
        why: localized(
          'Copy the new etc/nginx/nginx.conf to each; a reload is not noticed.',
          'Copiez le nouveau etc/nginx/nginx.conf sur chacun ; un rechargement ne se remarque pas.',
        ),
        commands: ['nginx -t && systemctl reload nginx'],
      },
      {
        title: localized('Add it to the encoder', "L'ajouter à l'encodeur"),
        why: localized('The encoder publishes to every ingest.', "L'encodeur publie vers tous les ingests."),
      },
      lookAtTheWhole('NAME'),
    ]),
    page('remove-ingest.md', localized('Remove an ingest', 'Retirer un ingest'), [
      {
        title: localized(
          'Turn the broadcast nodes away first',
          "D'abord en détourner les nœuds de diffusion",
        ),
        why: localized(
          'Remove it from cluster.toml, render, reload nginx on each broadcast node; players go on with the other ingest.',
          "Ôtez-le de cluster.toml, générez, rechargez nginx sur chaque nœud de diffusion ; les lecteurs continuent avec l'autre ingest.",
        ),
        commands: ['nginx -t && systemctl reload nginx'],
      },
      { title: localized('Stop it', "L'arrêter"), commands: ['systemctl disable --now nginx hls-watch'] },
      lookAtTheWhole(localized('NAME (gone)', 'NAME (parti)')),
    ]),
    page('add-balancer.md', localized('Add or remove a balancer', 'Ajouter ou retirer un répartiteur'), [
      {
        title: localized('Add', 'Ajouter'),
        why: localized(
          'Add it to cluster.toml, render, follow its RUNBOOK.md; copy keepalived.conf to the other one, too (its peers changed).',
          "Ajoutez-le à cluster.toml, générez, suivez son RUNBOOK.md ; copiez aussi keepalived.conf sur l'autre (ses pairs ont changé).",
        ),
        commands: ['systemctl reload keepalived'],
      },
      {
        title: localized('Remove', 'Retirer'),
        why: localized(
          'Stopping keepalived gives the address away; then HAProxy may go.',
          "Arrêter keepalived cède l'adresse ; ensuite HAProxy peut partir.",
        ),
        commands: ['systemctl disable --now keepalived', 'sleep 5', 'systemctl disable --now haproxy'],
      },
      lookAtTheWhole('NAME'),
    ]),
  ];
}
