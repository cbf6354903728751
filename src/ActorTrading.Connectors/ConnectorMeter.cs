namespace ActorTrading.Connectors;

/// <summary>
/// Counts what a connector does and makes its status; logs the first failure in a row and the end of them. Safe for any
/// number of threads.
/// </summary>
public sealed class ConnectorMeter(string name, string kind, ConnectorDirection direction, ConnectorServices services)
{
    private readonly Lock gate = new();
    private ConnectorPhase phase = ConnectorPhase.Connecting;
    private string? lastError;
    private bool isFailing;
    private long messages;
    private long rejected;
    private long errors;
    private long lost;
    private long skipped;
    private long lag = -1;
    private long lastMessage;

    /// <summary>How the connector is doing.</summary>
    public ConnectorStatus Status
    {
        get
        {
            lock (gate)
            {
                return new ConnectorStatus(name, kind, direction, phase, messages, rejected, errors, lag < 0 ? null : lag)
                {
                    Skipped = skipped,
                    LastError = lastError,
                    Lost = lost,
                    LastMessage = lastMessage == 0 ? null : new DateTimeOffset(lastMessage, TimeSpan.Zero),
                };
            }
        }
    }

    /// <summary>Messages were handled and are durable; of so many of them a record was refused.</summary>
    public void Handled(long count, long refused = 0)
    {
        var now = services.Time.GetUtcNow().UtcTicks;
        lock (gate)
        {
            messages += count;
            rejected += refused;
            lastMessage = now;
        }
    }

    /// <summary>Messages without content were passed over.</summary>
    public void Skipped(long count)
    {
        lock (gate) skipped += count;
    }

    /// <summary>How many messages wait on the other side; null where that is not known.</summary>
    public void LagIs(long? waiting)
    {
        lock (gate) lag = waiting ?? -1;
    }

    /// <summary>It is connected.</summary>
    public void Connected(string peer)
    {
        bool isNew;
        lock (gate)
        {
            isNew = phase != ConnectorPhase.Running;
            (phase, isFailing) = (ConnectorPhase.Running, false);
        }

        if (isNew) services.Logger.ConnectorConnected(name, peer);
    }

    /// <summary>It leaves the work to another node.</summary>
    public void StandsBy()
    {
        lock (gate) (phase, isFailing) = (ConnectorPhase.Standby, false);
    }

    /// <summary>It has failed and tries again.</summary>
    /// <param name="reason">Without anything secret.</param>
    public void Failed(string reason)
    {
        bool isFirst;
        lock (gate)
        {
            isFirst = !isFailing;
            (phase, lastError, isFailing) = (ConnectorPhase.Connecting, reason, true);
            errors++;
        }

        if (isFirst) services.Logger.ConnectorFailed(name, reason);
    }

    /// <summary>Messages are gone on the other side that were not handled.</summary>
    /// <param name="reason">Without anything secret.</param>
    public void Lost(long count, string reason)
    {
        lock (gate)
        {
            lost += count;
            lastError = reason;
        }

        services.Logger.ConnectorNotice(name, reason);
    }

    /// <summary>It has ended.</summary>
    public void Stopped()
    {
        lock (gate) phase = ConnectorPhase.Stopped;
    }
}
