using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Verifying;

/// <summary>
/// A symbol while its journal is verified: how far it is folded, which snapshots are still to be compared, and its signals.
/// </summary>
internal sealed class VerifiedSymbol(HostedSymbol hosted, long head)
{
    private readonly Queue<(long Number, UInt128 Digest, bool IsInForce)> unlogged = new();

    public HostedSymbol Hosted => hosted;

    /// <summary>The number of its last event when the verification began; what has come since is left out.</summary>
    public long Head => head;

    /// <summary>Whether an event of it was found to be bad: what comes after that is not folded.</summary>
    public bool IsBroken { get; set; }

    /// <summary>
    /// Its sound snapshots of the present plan that are still to come, oldest first: the event each covers, and a digest of its state.
    /// </summary>
    public Queue<(long SequenceNumber, UInt128 Digest)> Snapshots { get; } = new();

    /// <summary>The event that the snapshot covers which it began with; 0 when it began with the first event.</summary>
    public long BeganAfter { get; set; }

    /// <summary>The number of its last signal in the log.</summary>
    public long LastLogged { get; set; }

    /// <summary>The number of the last signal that came before what could be folded.</summary>
    public long SignalsBefore { get; set; }

    /// <summary>Signals that the fold has put out and the log should have and has not had yet.</summary>
    public int Unlogged { get; private set; }

    /// <summary>Signals that the log need not have, since another plan was in force, and has not.</summary>
    public long NotInForce { get; private set; }

    /// <summary>The fold put out a signal, which the log has, or (where another plan was in force) need not have.</summary>
    public void Fired(long number, UInt128 digest, bool isInForce)
    {
        if (number <= LastLogged) return;
        unlogged.Enqueue((number, digest, isInForce));
        if (isInForce) Unlogged++;
        else NotInForce++;
    }

    /// <summary>The digest of the signal with that number; null if the fold has not put it out. Those before it are forgotten.</summary>
    /// <param name="passedOver">How many of those before it the log need not have.</param>
    /// <param name="missing">The first of those before it that the log should have had; 0 for none.</param>
    public UInt128? TakeFired(long number, out long passedOver, out long missing)
    {
        (passedOver, missing) = (0, 0);
        while (unlogged.TryPeek(out var next) && next.Number <= number)
        {
            unlogged.Dequeue();
            if (next.IsInForce) Unlogged--;
            if (next.Number == number)
            {
                if (!next.IsInForce) NotInForce--; // by a node that had not heard of the change yet
                return next.Digest;
            }

            if (!next.IsInForce) passedOver++;
            else if (missing == 0) missing = next.Number;
        }

        return null;
    }
}
