/**
 * Where the page begins: one store, one shell around it, and the line to the sandbox.
 */

import { mountShell } from "./chat/shell.js";
import { Store } from "./core/store.js";

const store = new Store();
mountShell(store);
store.live.open();
