using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Verifying;

/// <summary>A symbol during verification: the progress of its fold, the snapshots that still must be compared, and its signals.</summary>
internal sealed class VerifiedSymbol(HostedSymbol hosted, long head)
{
    private readonly Queue<(long Number, UInt128 Digest, bool IsInForce)> unlogged = new();

    public HostedSymbol Hosted => hosted;

    /// <summary>The number of its last event when the verification started; later events are ignored.</summary>
    public long Head => head;

    /// <summary>Whether a damaged event was found: the events after it are not folded.</summary>
    public bool IsBroken { get; set; }

    /// <summary>
    /// Valid snapshots of the present plan that still must be compared, oldest first: the event that each covers, and a digest of its
    /// state.
    /// </summary>
    public Queue<(long SequenceNumber, UInt128 Digest)> Snapshots { get; } = new();

    /// <summary>The event covered by the snapshot from which the fold started; 0 if it started from the first event.</summary>
    public long BeganAfter { get; set; }

    /// <summary>The number of its last signal in the log.</summary>
    public long LastLogged { get; set; }

    /// <summary>The number of the last signal before the first event that could be folded.</summary>
    public long SignalsBefore { get; set; }

    /// <summary>Number of signals that the fold gave and that are still missing in the log.</summary>
    public int Unlogged { get; private set; }

    /// <summary>Number of signals that are not in the log and need not be, because another plan was in force.</summary>
    public long NotInForce { get; private set; }

    /// <summary>Adds a signal that the fold gave. The log must contain it, unless another plan was in force.</summary>
    public void Fired(long number, UInt128 digest, bool isInForce)
    {
        if (number <= LastLogged) return;
        unlogged.Enqueue((number, digest, isInForce));
        if (isInForce) Unlogged++;
        else NotInForce++;
    }

    /// <summary>
    /// Returns the digest of the signal with that number; null if the fold has not given it. Forgets the earlier signals.
    /// </summary>
    /// <param name="passedOver">Number of earlier signals that the log need not contain.</param>
    /// <param name="missing">The first earlier signal that the log should contain; 0 for none.</param>
    public UInt128? TakeFired(long number, out long passedOver, out long missing)
    {
        (passedOver, missing) = (0, 0);
        while (unlogged.TryPeek(out var next) && next.Number <= number)
        {
            unlogged.Dequeue();
            if (next.IsInForce) Unlogged--;
            if (next.Number == number)
            {
                if (!next.IsInForce) NotInForce--; // by a node that had not received the change yet
                return next.Digest;
            }

            if (!next.IsInForce) passedOver++;
            else if (missing == 0) missing = next.Number;
        }

        return null;
    }
}
