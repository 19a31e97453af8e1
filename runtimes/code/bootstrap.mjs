// SPDX-License-Identifier: Apache-2.0
// Runs a Node function as AWS's runtime does: asks the Runtime API for invocations, calls the
// handler, and answers with what it returns, calls back with or throws. Weir starts it as
// `node bootstrap.mjs`; it needs Node 16 or later, and nothing beside it. The texts, the order of
// members and what is printed are those of AWS's runtime:
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
//
// A log event of several lines is printed as one line, with a carriage return in place of each line
// break within it, as AWS's runtime does where it has nothing but stdout.
//
// AWS's runtime waits for an invocation in a blocking call, and its process is frozen meanwhile.
// Here timers and sockets that a handler left behind go on between invocations.
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

const require = createRequire(import.meta.url);

const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly ' +
  'caused by a Promise that was never settled. For more information, see ' +
  'https://nodejs.org/docs/latest/api/process.html#exit-codes';

// What the runtime finds wrong with a function by itself. `reason` is a text or an error.
class Fault extends Error {
  constructor(kind, reason) {
    super(reason);
    Object.defineProperty(this, 'name', { value: `Runtime.${kind}` });
  }
}

class UnhandledPromiseRejection extends Fault {
  constructor(reason, promise) {
    super('UnhandledPromiseRejection', reason);
    this.reason = reason;
    this.promise = promise;
  }
}

// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, by one connection, which does not
// keep the process alive while it is idle.
class RuntimeApi {
  constructor(address) {
    [this.host, this.port] = address.split(':');
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  }

  // The headers and the event of the next invocation.
  async next() {
    const { status, headers, body } = await this.exchange('GET', 'invocation/next');
    if (status !== 200) {
      leave(`The Runtime API has no further invocation: it answered ${status}.`);
    }
    return { headers, body };
  }

  respond(requestId, body) {
    return this.exchange('POST', `invocation/${requestId}/response`, body);
  }

  fail(requestId, error) {
    return this.postError(`invocation/${requestId}/error`, error);
  }

  failInit(error) {
    return this.postError('init/error', error);
  }

  postError(where, error) {
    const described = describe(error);
    const type = described.errorType.replace(/[^\x20-\x7e]/g, '?');
    const headers = { 'Lambda-Runtime-Function-Error-Type': type };
    return this.exchange('POST', where, JSON.stringify(described), headers);
  }

  exchange(method, where, body = '', headers = {}) {
    const options = {
      agent: this.agent,
      host: this.host,
      port: this.port,
      method,
      path: `/2018-06-01/runtime/${where}`,
      headers,
    };
    if (method === 'POST') {
      headers['Content-Type'] = 'application/json';
      headers['Content-Length'] = Buffer.byteLength(body);
    }
    return new Promise((resolve) => {
      // The process is about to be ended, for new code or with the server: no matter for the
      // function's log.
      const gone = () => process.exit(1);
      const request = http.request(options, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', gone);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode, headers: response.headers, body: text });
        });
      });
      request.on('error', gone);
      request.setNoDelay(true);
      request.end(body);
    });
  }
}

function leave(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

// What is said beside the text of an error if AWS has what is missing.
function hintFor(message) {
  const missing = /Cannot find (?:module|package) '(@(?:aws-sdk|smithy)\/[^/']+)/.exec(message);
  return missing === null
    ? ''
    : `\n(AWS's runtime bundles ${missing[1]}; here, install it by \`npm install ${missing[1]}\` ` +
        "in the function's folder, and pack its node_modules into the zip)";
}

// What the Runtime API is told of an error, or of whatever else was thrown.
function describe(error) {
  try {
    const isError =
      util.types.isNativeError(error) ||
      [error?.name, error?.message, error?.stack].every((text) => text && typeof text === 'string');
    return isError
      ? {
          errorType: error.name,
          errorMessage: error.message + hintFor(error.message),
          trace: error.stack.split('\n'),
        }
      : { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or ' +
        'more of its message, name, and stack',
    };
  }
}

function logError(title, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  const withMembers = (_key, value) => {
    if (!(value instanceof Error)) {
      return value;
    }
    const members = {
      errorType: value.name,
      errorMessage: value.message + hintFor(value.message),
      code: value.code,
      ...value,
    };
    if (typeof value.stack === 'string') {
      members.stack = value.stack.split('\n');
    }
    return members;
  };
  let text;
  try {
    text = JSON.stringify(error, withMembers);
  } catch {
    text = JSON.stringify(describe(error));
  }
  console.error(title, `\t${text}`);
}

let currentRequestId;

function patchConsole() {
  const levels = {
    trace: 'TRACE',
    debug: 'DEBUG',
    log: 'INFO',
    info: 'INFO',
    warn: 'WARN',
    error: 'ERROR',
    fatal: 'FATAL',
  };
  for (const [method, level] of Object.entries(levels)) {
    // With no arguments at all, AWS's runtime prints `undefined`.
    console[method] = (message, ...others) => {
      const text = util.format(message, ...others);
      const line = `${new Date().toISOString()}\t${currentRequestId}\t${level}\t${text}`;
      process.stdout.write(`${line.replace(/\n/g, '\r')}\n`);
    };
  }
}

// Whether the nearest package.json above makes .js files ES modules.
function isModuleFolder(folder) {
  if (folder.endsWith('/node_modules')) {
    return false;
  }
  const file = path.join(folder, 'package.json');
  if (fs.existsSync(file)) {
    try {
      const content = JSON.parse(fs.readFileSync(file));
      if (content) {
        return content.type === 'module';
      }
    } catch (error) {
      console.warn(
        `${file} cannot be read, it will be ignored for ES module detection purposes.`,
        error,
      );
      return false;
    }
  }
  return folder === '/' ? false : isModuleFolder(path.dirname(folder));
}

async function importModule(root, folder, name) {
  const base = path.resolve(root, folder, name);
  const requires = (file) => fs.existsSync(file) && require(file);
  const imports = async (file) => fs.existsSync(file) && (await import(pathToFileURL(file)));
  const isModule = isModuleFolder(path.dirname(base));
  return (
    requires(base) ||
    (!isModule && requires(`${base}.js`)) ||
    (isModule && (await imports(`${base}.js`))) ||
    (await imports(`${base}.mjs`)) ||
    requires(`${base}.cjs`) ||
    require(require.resolve(name, { paths: [root, folder] }))
  );
}

// The handler that `name` stands for, as in "folder/module.member.handler", below `root`.
async function findHandler(root, name) {
  if (name.includes('..')) {
    throw new Fault(
      'MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root ` +
        'directories in handler names.',
    );
  }
  const last = path.basename(name);
  const parts = /^([^.]*)\.(.*)$/.exec(last);
  if (parts === null) {
    throw new Fault('MalformedHandlerName', 'Bad handler');
  }
  let found;
  try {
    found = await importModule(root, name.slice(0, name.indexOf(last)), parts[1]);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new Fault('UserCodeSyntaxError', error);
    }
    // That of an ES module that is missing is another, which AWS's runtime does not name.
    throw error?.code === 'MODULE_NOT_FOUND' ? new Fault('ImportModuleError', error) : error;
  }
  const handler = parts[2].split('.').reduce((member, key) => member?.[key], found);
  if (!handler) {
    throw new Fault('HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new Fault('HandlerNotFound', `${name} is not a function`);
  }
  return handler;
}

function jsonHeader(headers, header, name) {
  if (headers[header] === undefined) {
    return undefined;
  }
  try {
    // Node takes headers for Latin-1.
    return JSON.parse(Buffer.from(headers[header], 'latin1').toString());
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}

// The members of a context that say what is called, by whom and until when.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
function contextData(headers) {
  const deadline = headers['lambda-runtime-deadline-ms'];
  return {
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: jsonHeader(headers, 'lambda-runtime-client-context', 'ClientContext'),
    identity: jsonHeader(headers, 'lambda-runtime-cognito-identity', 'CognitoIdentity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

class Runtime {
  constructor(api) {
    this.api = api;
    // Reports an error that nobody caught: of the initialisation, of an invocation, or, between
    // invocations, of none.
    this.report = (error) => api.failInit(error);
    // What happens once there is nothing left to wait for.
    this.whenIdle = () => {};
  }

  async run(root, name) {
    process.on('uncaughtException', (error) => this.end('Uncaught Exception', error, 129));
    process.on('unhandledRejection', (reason, promise) => {
      const error = new UnhandledPromiseRejection(reason, promise);
      this.end('Unhandled Promise Rejection', error, 128);
    });
    process.on('beforeExit', () => this.whenIdle());
    try {
      this.handler = await findHandler(root, name);
    } catch (error) {
      await this.end('Uncaught Exception', error, 129);
    }
    this.scheduleNext();
  }

  async end(title, error, code) {
    logError(title, error);
    await this.report(error);
    process.exit(code);
  }

  scheduleNext() {
    setImmediate(() => this.handleNext());
  }

  async handleNext() {
    this.whenIdle = () => {};
    this.report = () => {};
    const { headers, body } = await this.api.next();
    const requestId = headers['lambda-runtime-aws-request-id'];
    currentRequestId = requestId;
    this.report = (error) => this.api.fail(requestId, error);
    const traceId = headers['lambda-runtime-trace-id'];
    if (traceId) {
      process.env._X_AMZN_TRACE_ID = traceId;
    } else {
      delete process.env._X_AMZN_TRACE_ID;
    }
    const { callback, context } = this.waysToFinish(requestId);
    try {
      const result = this.handler(
        JSON.parse(body),
        Object.assign(context, contextData(headers)),
        callback,
      );
      if (typeof result?.then === 'function') {
        result.then(context.succeed, context.fail).catch(context.fail);
      }
    } catch (error) {
      callback(error);
    }
  }

  // The callback of an invocation, and the part of its context that finishes it. Of all their
  // functions, the first one that is called counts.
  waysToFinish(requestId) {
    const fail = async (error) => {
      logError('Invoke Error', error);
      await this.api.fail(requestId, error);
      this.scheduleNext();
    };
    const succeed = (result) => {
      let body;
      try {
        body = JSON.stringify(result) ?? 'null';
      } catch {
        throw new Error('Unable to stringify response body');
      }
      this.api.respond(requestId, body).then(() => this.scheduleNext());
    };
    const isGiven = (error) => error !== undefined && error !== null;

    let finished = false;
    const first = (finish) => (...given) => {
      if (!finished) {
        this.whenIdle = () => {};
        finish(...given);
        finished = true;
      }
    };
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      succeed: first(succeed),
      fail: first((error) => fail(isGiven(error) ? error : 'handled')),
      done: first((error, result) => (isGiven(error) ? fail(error) : succeed(result))),
    };
    const callback = first((error, result) => {
      if (isGiven(error)) {
        fail(error);
      } else if (context.callbackWaitsForEmptyEventLoop) {
        this.whenIdle = () => setImmediate(() => succeed(result));
      } else {
        succeed(result);
      }
    });
    // A handler that never calls back has returned null, unless it is to settle a promise.
    this.whenIdle = () => {
      finished = true;
      this.whenIdle = () => {};
      if (this.handler.constructor?.name === 'AsyncFunction') {
        fail(new Fault('NodeJsExit', NEVER_SETTLED));
      } else {
        succeed(null);
      }
    };
    return { callback, context };
  }
}

patchConsole();
globalThis.awslambda = {
  streamifyResponse() {
    throw new Error('Weir does not stream responses: awslambda.streamifyResponse is not supported');
  },
};
await new Runtime(new RuntimeApi(process.env.AWS_LAMBDA_RUNTIME_API)).run(
  process.env.LAMBDA_TASK_ROOT ?? process.cwd(),
  process.env._HANDLER,
);
