// SPDX-License-Identifier: Apache-2.0
// Starts a server and then does nothing until it is killed.
import { start } from 'weir-dynamodb';

const weir = await start();
console.log(`server ${weir.pid} ${weir.port}`);
setInterval(() => {}, 60_000);
