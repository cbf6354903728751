using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Host.Dashboard;

/// <summary>A dashboard session of a logged-in browser. Its mutable state is guarded by its <see cref="Sessions"/>.</summary>
internal sealed class Session(Sessions sessions, string key, Grant grant, DateTimeOffset start)
{
    private volatile bool isOpen = true;
    private long used = start.UtcTicks;

    /// <summary>The hash of the session id in the cookie.</summary>
    public string Key => key;

    /// <summary>The grant of the session's token, by the access rules of the last lookup.</summary>
    public Grant Grant { get; set; } = grant;

    /// <summary>The start of the session.</summary>
    public DateTimeOffset Start => start;

    /// <summary>The time of the last use.</summary>
    public DateTimeOffset Used
    {
        get => new(Interlocked.Read(ref used), TimeSpan.Zero);
        set => Interlocked.Exchange(ref used, value.UtcTicks);
    }

    /// <summary>Whether the session is open.</summary>
    public bool IsOpen
    {
        get => isOpen;
        set => isOpen = value;
    }

    /// <summary>Keeps the session open while one of its streams is in use. False: it has ended. Cheap: called for each message.</summary>
    public bool Use() => isOpen && sessions.Use(this);
}
