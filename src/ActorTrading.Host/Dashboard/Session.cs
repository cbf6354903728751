using ActorTrading.Engine.Ingest;

namespace ActorTrading.Host.Dashboard;

/// <summary>A browser that has logged in. What changes in it is guarded by its <see cref="Sessions"/>.</summary>
internal sealed class Session(Sessions sessions, string key, Grant grant, DateTimeOffset start)
{
    private volatile bool isOpen = true;
    private long used = start.UtcTicks;

    /// <summary>The hash of what the cookie holds.</summary>
    public string Key => key;

    /// <summary>What the token may do that was shown, by the rules of the time when it was last asked for.</summary>
    public Grant Grant { get; set; } = grant;

    /// <summary>When it began.</summary>
    public DateTimeOffset Start => start;

    /// <summary>When it was last used.</summary>
    public DateTimeOffset Used
    {
        get => new(Interlocked.Read(ref used), TimeSpan.Zero);
        set => Interlocked.Exchange(ref used, value.UtcTicks);
    }

    /// <summary>Whether it has not ended.</summary>
    public bool IsOpen
    {
        get => isOpen;
        set => isOpen = value;
    }

    /// <summary>Keeps it open while a stream of it goes on; false: it has ended. Cheap: asked with each message.</summary>
    public bool Use() => isOpen && sessions.Use(this);
}
