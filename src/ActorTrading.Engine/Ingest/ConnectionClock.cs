namespace ActorTrading.Engine.Ingest;

/// <summary>
/// What a connection must look at the clock for: heartbeats, and clients that keep the server waiting. Changed only
/// under its connection's lock.
/// </summary>
internal sealed class ConnectionClock
{
    /// <summary>How long a client that was told why it is closed may take to read it.</summary>
    public static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(5);

    private readonly IngestSession session;
    private readonly IngestOptions options;
    private readonly TimeProvider time;
    private long begunAt; // when the first byte was asked for
    private long lastByte;
    private long lastBeat;
    private long partialSince;
    private long partialPiece = -1;
    private long errorSince;
    private bool isWaitingForBytes;
    private bool isHeld;
    private bool isOutputFull;
    private long fullSince;

    public ConnectionClock(IngestSession session, IngestOptions options, TimeProvider time)
    {
        (this.session, this.options, this.time) = (session, options, time);
        lastByte = lastBeat = time.GetTimestamp();
    }

    /// <summary>Whether a heartbeat is to be written.</summary>
    public bool IsBeatDue { get; set; }

    /// <summary>Bytes are asked for from now on.</summary>
    public void WaitForBytes()
    {
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

    /// <summary>So many came, or none will.</summary>
    public void GotBytes(int count)
    {
        isWaitingForBytes = false;
        if (count > 0) lastByte = time.GetTimestamp();
    }

    /// <summary>This side keeps the client waiting, whatever it sends: it is not to blame for its silence.</summary>
    public void Hold() => isHeld = true;

    /// <summary>It does no more; the client has as much time as if it had just been read from.</summary>
    public void GoOn() => (isHeld, lastByte, partialSince) = (false, time.GetTimestamp(), time.GetTimestamp());

    /// <summary>The client's socket has no room for more answers.</summary>
    public void OutputIsFull() => (isOutputFull, fullSince) = (true, time.GetTimestamp());

    /// <summary>It took all there were.</summary>
    public void OutputIsTaken() => isOutputFull = false;

    /// <summary>Looks at it: whether what was told is not waited for any longer, and why the connection must end now, if it must.</summary>
    public (bool IsOver, IngestError? Error) Look()
    {
        var now = time.GetTimestamp();
        if (session.Source is not null && time.GetElapsedTime(lastBeat, now) >= options.Heartbeat)
        {
            lastBeat = now;
            IsBeatDue = true;
        }

        if (session.Error is not null)
        {
            // It was told why; one that does not read it is not waited for.
            if ((session.InFlight > 0 && !isOutputFull) || errorSince == 0) errorSince = now;
            return (time.GetElapsedTime(isOutputFull ? Math.Max(errorSince, fullSince) : errorSince, now) >= LingerTime, null);
        }

        // Of those who send too little, only while bytes are asked for: one whom the engine keeps waiting is not to blame.
        var isAwaited = isWaitingForBytes && !isHeld;
        return (false, isOutputFull && time.GetElapsedTime(fullSince, now) >= options.ReaderTimeout
                ? new IngestError(IngestError.SlowReader, $"no answer was read for {options.ReaderTimeout}")
            : isAwaited && !session.IsKnown && time.GetElapsedTime(begunAt, now) >= options.HelloTimeout
                ? new IngestError(IngestError.HelloTimeout, $"neither a hello nor a record came within {options.HelloTimeout}")
            : isAwaited && partialPiece >= 0 && time.GetElapsedTime(partialSince, now) >= options.PartialTimeout
                ? new IngestError(IngestError.TooSlow, $"a line or frame did not end within {options.PartialTimeout}")
            : isAwaited && time.GetElapsedTime(lastByte, now) >= options.IdleTimeout
                ? new IngestError(IngestError.Idle, $"nothing came for {options.IdleTimeout}")
            : null);
    }
}
