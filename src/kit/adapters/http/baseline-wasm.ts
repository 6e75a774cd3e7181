import { setFlagsFromString } from 'node:v8';

// undici's HTTP parser is WebAssembly. V8 would compile it a second time, optimised, beside our work: 36 MB and a
// tenth of a second of CPU in every process, for a parser that bodies only pass through. Imported before undici.
setFlagsFromString('--liftoff-only');
