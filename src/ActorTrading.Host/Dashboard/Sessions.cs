using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Host.Dashboard;

/// <summary>
/// The dashboard sessions of this node, in memory only: they end with the node, and other nodes of its cluster do not know them. A session
/// has the current rights of the token that opened it. Thread-safe.
/// </summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>Idle time after which a session ends. An open stream counts as use.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    /// <summary>Maximum duration of a session.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>Maximum number of sessions per name in the access rules; a further one ends the least recently used.</summary>
    public const int MostOfOneName = 16;

    private const int IdBytes = 32;

    private readonly Lock sync = new();
    private readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);

    /// <summary>Number of sessions, including expired ones that have not been used since.</summary>
    public int Count
    {
        get
        {
            lock (sync) return sessions.Count;
        }
    }

    /// <summary>Opens a session. The id cannot be guessed, and exists only in the cookie.</summary>
    public (string Id, Session Session) Open(Grant grant)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        var session = new Session(this, KeyOf(id), grant, time.GetUtcNow());
        lock (sync)
        {
            foreach (var over in sessions.Values.Where(IsOver).ToList()) Remove(over);
            var own = sessions.Values.Where(one => one.Grant.Name == grant.Name).ToList();
            if (own.Count >= MostOfOneName) Remove(own.MinBy(one => one.Used)!);
            sessions.Add(session.Key, session);
        }

        return (id, session);
    }

    /// <summary>
    /// Finds a session by its id, and updates its grant by the current access rules. Null: there is no such session, or the rules no longer
    /// contain its token.
    /// </summary>
    public Session? Find(string id, AccessRules rules)
    {
        lock (sync)
        {
            if (!sessions.TryGetValue(KeyOf(id), out var session)) return null;
            var grant = rules.IsCurrent(session.Grant) ? session.Grant : rules.Renew(session.Grant);
            if (grant is null || IsOver(session))
            {
                Remove(session);
                return null;
            }

            session.Grant = grant;
            session.Used = time.GetUtcNow();
            return session;
        }
    }

    /// <summary>Ends a session and its streams.</summary>
    public void End(Session session)
    {
        lock (sync) Remove(session);
    }

    /// <summary>Records the use of a session; false when it has expired.</summary>
    internal bool Use(Session session)
    {
        if (IsOver(session))
        {
            End(session);
            return false;
        }

        session.Used = time.GetUtcNow();
        return true;
    }

    private static string KeyOf(string id) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private bool IsOver(Session session)
    {
        var now = time.GetUtcNow();
        return now - session.Used > Idle || now - session.Start > Longest;
    }

    private void Remove(Session session)
    {
        sessions.Remove(session.Key);
        session.IsOpen = false;
    }
}
