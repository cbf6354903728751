namespace ActorTrading.Connectors.Redis;

/// <summary>Lua scripts that change a stream in one atomic step on the server.</summary>
internal static class StreamScripts
{
    /// <summary>
    /// Takes entries if the lease is held. Keys: stream, state, lease. Arguments: token, milliseconds of the lease, group, consumer, count,
    /// and the id from which the group's unsettled entries continue (empty: only new entries). Answers: nothing if the lease is lost;
    /// otherwise the entries, the id from which further unsettled entries continue (empty: none), the number of entries ever deleted before
    /// they were settled, and whether ids went back. The state counts entries as the stream does (<c>entries-added</c>), so that entries
    /// deleted unread show as a difference.
    /// </summary>
    public const string Read = """
        if redis.call('GET', KEYS[3]) ~= ARGV[1] then return false end
        redis.call('PEXPIRE', KEYS[3], ARGV[2])
        local missed = redis.call('HGET', KEYS[2], 'missed') or '0'
        if ARGV[6] ~= '' then
          local own = redis.call('XAUTOCLAIM', KEYS[1], ARGV[3], ARGV[4], 0, ARGV[6], 'COUNT', ARGV[5])
          local from = own[1]
          if from == '0-0' then from = '' end
          if #own[3] > 0 then missed = redis.call('HINCRBY', KEYS[2], 'missed', #own[3]) end
          return {own[2], from, tostring(missed), 0}
        end

        local function isNewer(a, b)
          local am, ac = string.match(a, '(%d+)-(%d+)')
          local bm, bc = string.match(b, '(%d+)-(%d+)')
          if am == bm then am, bm = ac, bc end
          if #am ~= #bm then return #am > #bm end
          return am > bm
        end

        local info = {}
        local flat = redis.call('XINFO', 'STREAM', KEYS[1])
        for i = 1, #flat, 2 do info[flat[i]] = flat[i + 1] end
        local added, length = info['entries-added'], info['length']
        local state = redis.call('HMGET', KEYS[2], 'read', 'last')
        local count, last = tonumber(state[1]), state[2]
        local gone = 0
        if length == 0 or isNewer(info['recorded-first-entry-id'], last) then
          if count >= 0 then gone = added - count - length end
          count = added - length
        end

        local answer = redis.call('XREADGROUP', 'GROUP', ARGV[3], ARGV[4], 'COUNT', ARGV[5], 'STREAMS', KEYS[1], '>')
        local entries = answer and answer[1][2] or {}
        local back = 0
        if #entries > 0 then
          if not isNewer(entries[1][1], last) then back = 1 end
          last = entries[#entries][1]
          if count >= 0 then count = count + #entries end
        end

        if #entries < tonumber(ARGV[5]) then
          if count >= 0 and added > count then gone = gone + added - count end
          count = added
        end

        if gone > 0 then missed = redis.call('HINCRBY', KEYS[2], 'missed', string.format('%.0f', gone)) end
        if #entries > 0 or gone > 0 or tonumber(state[1]) ~= count then
          redis.call('HSET', KEYS[2], 'read', string.format('%.0f', count), 'last', last, 'added', string.format('%.0f', added))
        end
        if back == 1 then redis.call('HSET', KEYS[2], 'back', 1) end
        return {entries, '', tostring(missed), back}
        """;

    /// <summary>
    /// Settles entries. Keys: stream, state, lease, dead letters. Arguments: group, token, id of the last entry, its fingerprint, maximum
    /// of dead letters, number of entries, their ids, then for each rejected entry its id, its reason and its message. An entry becomes a
    /// dead letter only once, however often it is settled.
    /// </summary>
    public const string Settle = """
        local settled = {}
        local n = tonumber(ARGV[6])
        for i = 7, 6 + n do settled[ARGV[i]] = redis.call('XACK', KEYS[1], ARGV[1], ARGV[i]) end
        for i = 7 + n, #ARGV, 3 do
          if settled[ARGV[i]] == 1 then
            redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[5], '*',
              'key', KEYS[1], 'id', ARGV[i], 'reason', ARGV[i + 1], 'message', ARGV[i + 2])
          end
        end
        if redis.call('GET', KEYS[3]) == ARGV[2] then redis.call('HSET', KEYS[2], 'cursor', ARGV[3], 'print', ARGV[4]) end
        return n
        """;

    /// <summary>
    /// Writes the state, if the lease is held. Keys: state, lease. Arguments: token, then fields and values. A field without a value is
    /// deleted.
    /// </summary>
    public const string SetState = """
        if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
        for i = 2, #ARGV, 2 do
          if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[i]) else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
        end
        return 1
        """;
}
