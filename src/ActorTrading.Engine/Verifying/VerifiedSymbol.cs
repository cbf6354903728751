using ActorTrading.Engine.Embedded;

namespace ActorTrading.Engine.Verifying;

/// <summary>A symbol while its journal is verified: how far it is folded, which snapshots are still to be compared, and its signals.</summary>
internal sealed class VerifiedSymbol(HostedSymbol hosted, long head)
{
    private readonly Queue<(long Number, UInt128 Digest)> unlogged = new();

    public HostedSymbol Hosted => hosted;

    /// <summary>The number of its last event when the verification began; what has come since is left out.</summary>
    public long Head => head;

    /// <summary>Whether an event of it was found to be bad: what comes after that is not folded.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Its sound snapshots of the present plan that are still to come, oldest first: the event each covers, and a digest of its state.</summary>
    public Queue<(long SequenceNumber, UInt128 Digest)> Snapshots { get; } = new();

    /// <summary>The event that the snapshot covers which it began with; 0 when it began with the first event.</summary>
    public long BeganAfter { get; set; }

    /// <summary>The number of its last signal in the log.</summary>
    public long LastLogged { get; set; }

    /// <summary>The number of the last signal that came before what could be folded.</summary>
    public long SignalsBefore { get; set; }

    /// <summary>Signals that the fold has put out and the log has not had yet.</summary>
    public int Unlogged => unlogged.Count;

    /// <summary>The fold put out a signal.</summary>
    public void Fired(long number, UInt128 digest)
    {
        if (number > LastLogged) unlogged.Enqueue((number, digest));
    }

    /// <summary>The digest of the signal with that number; null if the fold has not put it out. Those before it are forgotten.</summary>
    public UInt128? TakeFired(long number)
    {
        while (unlogged.TryPeek(out var next) && next.Number <= number)
        {
            unlogged.Dequeue();
            if (next.Number == number) return next.Digest;
        }

        return null;
    }
}
