/** How many recordings a paged answer says there are. */
export interface Announced {
  readonly total: number;
  /** False for `<pagination>` of BBB 2.6 to 3.0, which counts a recording once for each of its formats. */
  readonly exact: boolean;
  /** Beyond this position (offset + limit of the answer) there are more; null when the answer does not say. */
  readonly pageEnd: number | null;
}
