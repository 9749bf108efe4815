/**
 * Each is done by the server as one step. The mark is a key that goes only when the data goes: who finds
 * another one than before knows that counts were lost.
 */
export const scripts = {
  /** Keys: counter, mark. Given: by, window in ms, a mark to set where there is none. */
  count: `
    local mark = redis.call('GET', KEYS[2])
    if not mark then
      mark = ARGV[3]
      redis.call('SET', KEYS[2], mark)
    end
    local total = redis.call('INCRBY', KEYS[1], ARGV[1])
    local left = redis.call('PTTL', KEYS[1])
    if left < 0 then
      left = tonumber(ARGV[2])
      redis.call('PEXPIRE', KEYS[1], left)
    end
    return {total, left, mark}`,
  /**
   * Keys: lease, last token. Given: owner, time to live in ms, a token that this one must exceed. Tokens are
   * microseconds of the server's clock where those are ahead, so that they grow over lost data.
   */
  acquire: `
    local owner = redis.call('HGET', KEYS[1], 'owner')
    if owner and owner ~= ARGV[1] then return false end
    if owner then
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      return redis.call('HGET', KEYS[1], 'token')
    end
    local time = redis.call('TIME')
    local last = tonumber(redis.call('GET', KEYS[2]) or '0')
    local token = string.format('%.0f',
      math.max(last + 1, tonumber(ARGV[3]) + 1, time[1] * 1000000 + time[2]))
    redis.call('SET', KEYS[2], token)
    redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', token)
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return token`,
  /** Keys: lease. Given: token, time to live in ms. */
  renew: `
    if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
    return redis.call('PEXPIRE', KEYS[1], ARGV[2])`,
  /** Keys: lease. Given: token. */
  release: `
    if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
    return redis.call('DEL', KEYS[1])`,
} as const;
