using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ActorTrading.Engine.Ingest;

namespace ActorTrading.Host.Dashboard;

/// <summary>
/// The browsers that have logged in to this node, in its memory only: they end with it, and other nodes of its cluster
/// do not know them. A session may do what the token may that it was opened with, by the rules of the moment. Safe for
/// any number of threads.
/// </summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>How long a session lasts that is not used. An open stream uses it.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    /// <summary>How long a session lasts at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>How many there may be of one name of the rules; the one that was not used for the longest time makes room.</summary>
    public const int MostOfOneName = 16;

    private const int IdBytes = 32;

    private readonly Lock sync = new();
    private readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);

    /// <summary>How many there are, those included whose time is over and which nobody has used since.</summary>
    public int Count
    {
        get
        {
            lock (sync) return sessions.Count;
        }
    }

    /// <summary>Opens one. The id cannot be guessed, and is in its cookie only.</summary>
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
    /// The session of an id, with what it may do by the rules that hold now; null: there is none, or the rules do not
    /// know its token any more.
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

    /// <summary>Ends a session, and the streams of it.</summary>
    public void End(Session session)
    {
        lock (sync) Remove(session);
    }

    /// <summary>Notes that a session is used; false: its time is over.</summary>
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
