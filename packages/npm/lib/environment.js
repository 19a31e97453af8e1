// SPDX-License-Identifier: Apache-2.0
// The environment variables with which AWS SDKs find a server.

/**
 * The variables for the server at `url`, in the form of `process.env`. Those that are undefined
 * must not be set: they would send the requests to another server or sign them as somebody else.
 */
export function awsEnvironment(url) {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: url,
    AWS_ENDPOINT_URL_STS: url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false', // a user's ~/.aws/config may say true
    AWS_ENDPOINT_URL: undefined,
    AWS_PROFILE: undefined,
    AWS_DEFAULT_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_SECURITY_TOKEN: undefined,
  };
}

function assign(values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/**
 * Sets the variables of `env` in this process, and removes those that are undefined in it. Returns
 * a function that makes them what they were.
 */
export function setEnvironment(env) {
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
  assign(env);
  return () => assign(before);
}

/** This process's variables without Weir's, which are the settings of somebody's own server. */
export function withoutWeirVariables() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('WEIR_')),
  );
}
