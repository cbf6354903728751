namespace ActorTrading.Connectors;

/// <summary>Metrics and status of a connector. Logs the first of consecutive failures and the recovery. Thread-safe.</summary>
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

    /// <summary>The current status.</summary>
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

    /// <summary>Counts messages that are processed and durable, and how many of them had a rejected record.</summary>
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

    /// <summary>Counts messages that were skipped since they have no content.</summary>
    public void Skipped(long count)
    {
        lock (gate) skipped += count;
    }

    /// <summary>Sets the number of messages waiting on the other side; null if unknown.</summary>
    public void LagIs(long? waiting)
    {
        lock (gate) lag = waiting ?? -1;
    }

    /// <summary>Sets the phase to connected.</summary>
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

    /// <summary>Sets the phase to standby: another node does the work.</summary>
    public void StandsBy()
    {
        lock (gate) (phase, isFailing) = (ConnectorPhase.Standby, false);
    }

    /// <summary>Counts a failure; the connector retries.</summary>
    /// <param name="reason">The reason, without secrets.</param>
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

    /// <summary>Counts messages that were deleted on the other side before they were processed.</summary>
    /// <param name="reason">The reason, without secrets.</param>
    public void Lost(long count, string reason)
    {
        lock (gate)
        {
            lost += count;
            lastError = reason;
        }

        services.Logger.ConnectorNotice(name, reason);
    }

    /// <summary>Sets the phase to stopped.</summary>
    public void Stopped()
    {
        lock (gate) phase = ConnectorPhase.Stopped;
    }
}
