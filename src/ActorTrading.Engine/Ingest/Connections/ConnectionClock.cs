namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>Timers of a connection: heartbeats, and time limits for slow clients. Guarded by the gate of the session.</summary>
internal sealed class ConnectionClock
{
    /// <summary>How long a client may take to read the final error before the connection is closed.</summary>
    public static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(5);

    private readonly IngestSession session;
    private readonly IngestOptions options;
    private readonly TimeProvider time;
    private long begunAt; // when the connection began to wait for the first byte
    private long lastByte;
    private long lastBeat;
    private long partialSince;
    private long partialPiece = -1;
    private long errorSince;
    private bool isWaitingForBytes;
    private bool isHeld;
    private bool isOutputFull;
    private long fullSince;
    private long bytesRead;

    public ConnectionClock(IngestSession session, IngestOptions options, TimeProvider time)
    {
        (this.session, this.options, this.time) = (session, options, time);
        lastByte = lastBeat = time.GetTimestamp();
    }

    /// <summary>Whether a heartbeat is due.</summary>
    public bool IsBeatDue { get; set; }

    /// <summary>Number of bytes that were received and processed.</summary>
    public long BytesIn { get; private set; }

    /// <summary>The received bytes are processed; the connection waits for more.</summary>
    public void WaitForBytes()
    {
        BytesIn = bytesRead;
        isWaitingForBytes = true;
        if (begunAt == 0) begunAt = time.GetTimestamp();
        if (!session.IsWithinPiece)
        {
            partialPiece = -1;
        }
        else if (partialPiece != session.PiecesEnded)
        {
            partialPiece = session.PiecesEnded;
            partialSince = time.GetTimestamp();
        }
    }

    /// <summary>That many bytes arrived, or (0) none will arrive.</summary>
    public void GotBytes(int count)
    {
        isWaitingForBytes = false;
        bytesRead += count;
        if (count > 0) lastByte = time.GetTimestamp();
        else BytesIn = bytesRead;
    }

    /// <summary>The server pauses the client: the client's silence does not count against its time limits.</summary>
    public void Hold() => isHeld = true;

    /// <summary>Ends the pause; the time limits of the client start again.</summary>
    public void GoOn() => (isHeld, lastByte, partialSince) = (false, time.GetTimestamp(), time.GetTimestamp());

    /// <summary>The client's socket has no room for more answers.</summary>
    public void OutputIsFull() => (isOutputFull, fullSince) = (true, time.GetTimestamp());

    /// <summary>The socket has taken all pending answers.</summary>
    public void OutputIsTaken() => isOutputFull = false;

    /// <summary>
    /// Checks the timers. Returns whether the wait after the final error is over, and the error that must end the connection now, if any.
    /// </summary>
    public (bool IsOver, IngestError? Error) Check()
    {
        var now = time.GetTimestamp();
        if (session.Client.Source is not null && time.GetElapsedTime(lastBeat, now) >= options.Heartbeat)
        {
            lastBeat = now;
            IsBeatDue = true;
        }

        if (session.Error is not null)
        {
            // The client was sent the error; do not wait for a client that does not read it.
            if ((session.Answers.InFlight > 0 && !isOutputFull) || errorSince == 0) errorSince = now;
            return (time.GetElapsedTime(isOutputFull ? Math.Max(errorSince, fullSince) : errorSince, now) >= LingerTime, null);
        }

        // The limits for slow senders apply only while bytes are expected: a client that waits for the engine is not slow.
        var isAwaited = isWaitingForBytes && !isHeld;
        return (false, isOutputFull && time.GetElapsedTime(fullSince, now) >= options.ReaderTimeout
                ? new IngestError(IngestError.SlowReader, $"the client has read no answers for {options.ReaderTimeout}")
            : isAwaited && !session.Client.IsKnown && time.GetElapsedTime(begunAt, now) >= options.HelloTimeout
                ? new IngestError(IngestError.HelloTimeout, $"no hello or record arrived within {options.HelloTimeout}")
            : isAwaited && partialPiece >= 0 && time.GetElapsedTime(partialSince, now) >= options.PartialTimeout
                ? new IngestError(IngestError.TooSlow, $"a line or frame did not end within {options.PartialTimeout}")
            : isAwaited && time.GetElapsedTime(lastByte, now) >= options.IdleTimeout
                ? new IngestError(IngestError.Idle, $"no data arrived for {options.IdleTimeout}")
            : null);
    }
}
