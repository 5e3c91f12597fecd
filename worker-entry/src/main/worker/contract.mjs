import { fetch, scheduled } from "./contract.js";
export default { fetch, scheduled };
