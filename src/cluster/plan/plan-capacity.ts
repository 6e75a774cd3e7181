import * as f from './formulas.js';

export interface StreamingDemand {
  readonly viewers: number;
  readonly rates: readonly f.WeightedRate[];
  /** Kinds of node to compare; the first is the one that is compared with the inventory. */
  readonly nics: readonly { readonly nic: number; readonly price: number | null }[];
  /** Link of the nodes that the inventory has. */
  readonly ownNic: number;
  readonly balancerNic: number;
  readonly balancers: number;
  readonly clientRate: number;
  readonly segmentSeconds: number;
  readonly playlistSeconds: number;
  readonly format: f.HlsFormat;
  /** Of a part of LL-HLS. */
  readonly partSeconds: number;
  readonly streams: number;
  readonly ladder: readonly { readonly name: string; readonly rate: number; readonly copied: boolean }[];
  /** CPU seconds per second of video and rung, measured; null until measured. */
  readonly coresPerRung: Readonly<Record<string, number>> | null;
  /** Σ maxconn of the balancer's servers, when known. */
  readonly maxconnSum: number | null;
  /** Flags that would replace a common value: nobody gave one. */
  readonly assumed?: readonly string[];
}

export interface StreamingPlan {
  readonly viewers: number;
  readonly rate: number;
  readonly egress: number;
  readonly choices: readonly {
    readonly nic: number;
    readonly nodes: number;
    readonly carried: number;
    readonly price: number | null;
  }[];
  /** Nodes needed of the kind that the inventory has. */
  readonly nodesLikeOurs: number;
  readonly balancer: { readonly nic: number; readonly carries: boolean; readonly maxconn: number };
  readonly concurrentTransfers: number;
  readonly maxconnSum: number | null;
  /** Viewers that `maxconnSum` lets through; null when it is not known. */
  readonly maxconnViewers: number | null;
  readonly requestsPerSecond: number;
  readonly format: f.HlsFormat;
  /** Seconds that players are behind the camera, encoding and network aside. */
  readonly delay: { readonly least: number; readonly most: number };
  readonly hlsBytes: number;
  readonly ingestCores: number | null;
  readonly assumed: readonly string[];
}

export function planStreaming(demand: StreamingDemand): StreamingPlan {
  const rate = f.meanRate(demand.rates);
  const flow = f.egress(demand.viewers, demand.rates);
  const ladderRate = demand.ladder.reduce((sum, rung) => sum + rung.rate, 0) * demand.streams;
  return {
    viewers: demand.viewers,
    rate,
    egress: flow,
    choices: demand.nics.map(({ nic, price }) => {
      const nodes = f.nodesFor(flow, nic);
      return {
        nic,
        nodes,
        carried: f.viewersCarried(nodes, nic, rate),
        price: price === null ? null : price * nodes,
      };
    }),
    nodesLikeOurs: f.nodesFor(flow, demand.ownNic),
    balancer: {
      nic: demand.balancerNic,
      carries: f.balancerCarries(flow, demand.balancerNic),
      maxconn: f.clientSockets(demand.viewers, demand.balancers),
    },
    concurrentTransfers: f.concurrentTransfers(demand.viewers, rate, demand.clientRate),
    maxconnSum: demand.maxconnSum,
    maxconnViewers:
      demand.maxconnSum === null ? null : f.viewersOfMaxconn(demand.maxconnSum, rate, demand.clientRate),
    requestsPerSecond: f.requestsOf(demand.viewers, demand.format, demand),
    format: demand.format,
    delay: f.delayBehind(demand.format, demand),
    hlsBytes: f.hlsBytes(ladderRate, demand.playlistSeconds),
    ingestCores: ingestCores(demand),
    assumed: demand.assumed ?? [],
  };
}

function ingestCores({ coresPerRung, ladder, streams }: StreamingDemand): number | null {
  if (coresPerRung === null) return null;
  const encoded = ladder.filter(({ copied }) => !copied);
  return encoded.reduce((sum, { name }) => sum + (coresPerRung[name] ?? 0), 0) * streams;
}

export interface JitsiDemand {
  readonly participants: number;
  readonly roomSize: number;
  readonly lastN: number;
  readonly nic: number;
  readonly assumed?: readonly string[];
}

export interface JitsiPlan {
  readonly participants: number;
  readonly roomSize: number;
  /** Of one participant. */
  readonly receivedRate: number;
  readonly roomEgress: number;
  readonly egress: number;
  readonly bridges: number;
  /** A conference never spans two bridges: a room above this does not fit. */
  readonly largestRoom: number;
  readonly roomFits: boolean;
  readonly assumed: readonly string[];
}

export function planJitsi({ participants, roomSize, lastN, nic, assumed = [] }: JitsiDemand): JitsiPlan {
  const received = f.receivedRate(roomSize, lastN);
  const roomFlow = f.roomEgress(roomSize, lastN);
  return {
    participants,
    roomSize,
    receivedRate: received,
    roomEgress: roomFlow,
    egress: participants * received,
    bridges: f.bridgesFor(participants, roomSize, lastN, nic),
    largestRoom: f.PARTICIPANTS_PER_BRIDGE,
    roomFits: roomSize <= f.PARTICIPANTS_PER_BRIDGE && roomFlow <= nic * f.HEADROOM_DEGRADED,
    assumed,
  };
}

export interface EncodingDemand {
  readonly peakMinutesPerHour: number;
  readonly cores: number;
  readonly coreMinutes: number;
  readonly assumed?: readonly string[];
}

export interface EncodingPlan {
  readonly peakMinutesPerHour: number;
  readonly cores: number;
  readonly coreMinutes: number;
  /** Minutes of video per hour and worker. */
  readonly throughput: number;
  readonly workers: number;
  readonly assumed: readonly string[];
}

export function planEncoding({
  peakMinutesPerHour,
  cores,
  coreMinutes,
  assumed = [],
}: EncodingDemand): EncodingPlan {
  const throughput = f.minutesPerHour(cores, coreMinutes);
  return {
    peakMinutesPerHour,
    cores,
    coreMinutes,
    throughput,
    assumed,
    workers: f.workersFor(peakMinutesPerHour, throughput),
  };
}
