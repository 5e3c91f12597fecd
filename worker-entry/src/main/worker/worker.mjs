import { fetch, scheduled } from "./worker.js";
export default { fetch, scheduled };
